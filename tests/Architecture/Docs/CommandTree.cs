using System.Text.RegularExpressions;
using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Architecture.Tests.Docs;

/// <summary>The commands that there are, with their options, as the program's own help lists them.</summary>
internal static partial class CommandTree
{
    /// <summary>Asks the program.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> LoadAsync(CancellationToken cancellationToken)
    {
        var root = await HelpAsync([], cancellationToken);
        var names = CommandLine().Matches(root[root.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(match => match.Groups["name"].Value);
        var tree = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var name in names)
            tree[name] = Options(await HelpAsync([name], cancellationToken));
        return tree;
    }

    private static HashSet<string> Options(string help) => [.. OptionLines().Matches(help[help.IndexOf("Options:", StringComparison.Ordinal)..])
        .SelectMany(match => match.Groups["name"].Captures.Select(capture => capture.Value))];

    private static async Task<string> HelpAsync(string[] command, CancellationToken cancellationToken)
    {
        var output = new StringWriter();
        await CliApplication.RunAsync([.. command, "--help"], new Terminal { Out = output, Error = output }, cancellationToken);
        return output.ToString().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^  (?<name>[a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"^  (?:(?<name>--?[a-z?][a-z0-9-]*)(?:, )?)+", RegexOptions.Multiline)]
    private static partial Regex OptionLines();
}
