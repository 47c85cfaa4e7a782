using System.Text.RegularExpressions;
using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Images;

/// <summary>A Dockerfile's instructions, with their lines joined and comments left out.</summary>
/// <param name="Path">Its path from the root.</param>
internal sealed partial record Dockerfile(string Path)
{
    /// <summary>Instruction and what follows it.</summary>
    public IReadOnlyList<(string Name, string Text)> Instructions { get; } =
    [
        .. Continuation().Replace(Comment().Replace(Repository.Read(Path.Split('/')), ""), " ").Split('\n')
            .Select(line => line.Trim()).Where(line => line.Length > 0)
            .Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1].Trim())),
    ];

    /// <summary>What follows each instruction of a name.</summary>
    public IEnumerable<string> All(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Text);

    /// <summary>What is copied from the repository: sources and target.</summary>
    public IEnumerable<(string Source, string Target)> Copies => All("COPY").Where(text => !text.StartsWith("--from", StringComparison.Ordinal))
        .Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(words => words[..^1].Select(source => (source.TrimEnd('/'), words[^1])));

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continuation();
}
