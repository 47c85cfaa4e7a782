namespace MeshCanary.Architecture.Tests.Sources;

/// <summary>The files of the repository as they lie on disk, without what builds and tools put beside them.</summary>
internal static class RepositoryTree
{
    private static readonly string[] NotOurs =
        [".git", ".vs", ".idea", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root)];

    /// <summary>All projects.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => ProjectFile.Read(Root, file))];

    /// <summary>All C# files that belong to a project.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Projects.SelectMany(project => SourcesOf(project))];

    private static IEnumerable<SourceFile> SourcesOf(ProjectFile project) =>
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => file.StartsWith(project.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(file => new SourceFile(project, Path.GetRelativePath(project.Folder, file), File.ReadAllText(file)));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateDirectories(folder)
            .Where(child => !NotOurs.Contains(Path.GetFileName(child)))
            .SelectMany(Walk)
            .Concat(Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MeshCanary.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds MeshCanary.sln.");
    }
}
