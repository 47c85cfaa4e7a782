using System.Text.RegularExpressions;

namespace MeshCanary.Architecture.Tests.Sources;

/// <summary>A C# file of a project.</summary>
/// <param name="Project">The project it belongs to.</param>
/// <param name="RelativePath">Its path from the project's folder.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record SourceFile(ProjectFile Project, string RelativePath, string Text)
{
    /// <summary>For messages.</summary>
    public string Place => $"{Path.GetDirectoryName(Project.RelativePath)}/{RelativePath}".Replace('\\', '/');

    /// <summary>The file's name up to the first dot, so that the parts of a partial type share it.</summary>
    public string Stem => Path.GetFileName(RelativePath).Split('.', '`', '{')[0];

    /// <summary>The namespace it declares, or null.</summary>
    public string? Namespace =>
        NamespaceLine().Match(Code) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>The names of its top-level types, which a file-scoped namespace leaves at the left margin.</summary>
    public IEnumerable<string> Types => TypeLine().Matches(Code).Select(match => match.Groups["name"].Value).Distinct();

    public int Lines => Text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    // Text blocks and comments may hold lines that look like code.
    private string Code => NotCode().Replace(Text, "");

    [GeneratedRegex("\"{3,}[\\s\\S]*?\"{3,}|^\\s*/\\*[\\s\\S]*?\\*/", RegexOptions.Multiline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^(?:\[[^\]]*\]\s*)*(?:(?:public|internal|file|static|abstract|sealed|partial|readonly|ref|unsafe)\s+)*"
        + @"(?:(?:class|struct|interface|enum|record\s+struct|record\s+class|record)\s+(?<name>\w+)|delegate\s+[^(=;]*?(?<name>\w+)\s*(?:<[^>]*>)?\s*\()",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
