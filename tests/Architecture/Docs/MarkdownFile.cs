using System.Text.RegularExpressions;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Docs;

/// <summary>A page of the documentation.</summary>
/// <param name="Place">Its path from the root, with slashes.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MarkdownFile(string Place, string Text)
{
    /// <summary>Every page of the repository.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. RepositoryTree.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .Select(file => new MarkdownFile(Path.GetRelativePath(RepositoryTree.Root, file).Replace('\\', '/'), File.ReadAllText(file))),
    ];

    /// <summary>The fenced blocks of a language.</summary>
    public IEnumerable<string> Fenced(string language) =>
        FencedBlock().Matches(Text).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value);

    /// <summary>What is shown as code, a line or an inline span each.</summary>
    public IEnumerable<string> Code =>
    [
        .. FencedBlock().Matches(Text).SelectMany(match => match.Groups["text"].Value.Split('\n')),
        .. Prose.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)),
        .. Spans,
    ];

    /// <summary>The inline code.</summary>
    public IEnumerable<string> Spans => Span().Matches(Prose).Select(match => match.Groups["text"].Value);

    /// <summary>Where its links lead.</summary>
    public IEnumerable<string> Links => Link().Matches(Span().Replace(Prose, "")).Select(match => match.Groups["target"].Value);

    /// <summary>The names by which its headings are linked to.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose).Select(match => Slug(match.Groups["text"].Value));

    private string Prose => FencedBlock().Replace(Text, "");

    private static string Slug(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>[\s\S]*?)^```\s*$", RegexOptions.Multiline)]
    private static partial Regex FencedBlock();

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
