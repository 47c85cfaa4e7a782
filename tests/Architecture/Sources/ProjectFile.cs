using System.Xml.Linq;

namespace MeshCanary.Architecture.Tests.Sources;

/// <summary>What a project file says.</summary>
/// <param name="Folder">Its absolute folder.</param>
/// <param name="RelativePath">Its path from the root, with slashes.</param>
/// <param name="Document">Its XML.</param>
internal sealed record ProjectFile(string Folder, string RelativePath, XDocument Document)
{
    public string Name => Path.GetFileNameWithoutExtension(RelativePath);

    public string RootNamespace => Property("RootNamespace") ?? Name;

    public string AssemblyName => Property("AssemblyName") ?? Name;

    public bool IsTest => Name.EndsWith(".Tests", StringComparison.Ordinal);

    public IEnumerable<string> Projects =>
        Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    public IEnumerable<string> Packages => Includes("PackageReference");

    public IEnumerable<string> Frameworks =>
        Includes("FrameworkReference").Concat(
            (string?)Document.Root?.Attribute("Sdk") == "Microsoft.NET.Sdk.Web" ? ["Microsoft.AspNetCore.App"] : []);

    public static ProjectFile Read(string root, string path) => new(
        Path.GetDirectoryName(path)!, Path.GetRelativePath(root, path).Replace('\\', '/'), XDocument.Load(path));

    /// <summary>A project of a test's invention.</summary>
    public static ProjectFile Parse(string name, string items, string sdk = "Microsoft.NET.Sdk") => new(
        "/" + name, $"{name}/{name}.csproj", XDocument.Parse($"<Project Sdk=\"{sdk}\"><ItemGroup>{items}</ItemGroup></Project>"));

    private string? Property(string name) => Document.Descendants(name).FirstOrDefault()?.Value;

    private IEnumerable<string> Includes(string item) =>
        Document.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
