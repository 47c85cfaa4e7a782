using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Naming;

/// <summary>Where a type lives and what it is called.</summary>
internal static class NamingRules
{
    /// <summary>Endings that say nothing of what a type does.</summary>
    public static readonly string[] EmptyEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Context"];

    /// <summary>The namespace is the project and the folder.</summary>
    public static IEnumerable<string> NamespaceViolations(SourceFile file)
    {
        var folder = Path.GetDirectoryName(file.RelativePath)!.Replace('\\', '/').Replace('/', '.');
        var expected = folder.Length == 0 ? file.Project.RootNamespace : $"{file.Project.RootNamespace}.{folder}";

        // Top-level statements and assembly attributes declare no type and need no namespace.
        if (file.Namespace is null && !file.Types.Any())
            return [];
        return file.Namespace == expected ? [] : [$"{file.Place}: the namespace is {file.Namespace ?? "missing"}; make it {expected}."];
    }

    /// <summary>A file holds one type and has its name.</summary>
    public static IEnumerable<string> FileViolations(SourceFile file)
    {
        var types = file.Types.ToArray();
        if (types.Length > 1)
            yield return $"{file.Place}: holds {string.Join(", ", types)}; give each a file of its own.";
        else if (types.Length == 1 && types[0] != file.Stem)
            yield return $"{file.Place}: holds {types[0]}; name the file after it.";
    }

    /// <summary>A name says what the type does.</summary>
    public static IEnumerable<string> EndingViolations(string type) =>
        EmptyEndings.Where(ending => type.Split('`')[0].EndsWith(ending, StringComparison.Ordinal))
            .Select(ending => $"{type}: a name ending in {ending} does not say what it does.");
}
