using System.Text.RegularExpressions;
using MeshCanary.Architecture.Tests.Sources;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Architecture.Tests.Docs;

/// <summary>What the documentation says has to be so.</summary>
internal static partial class DocRules
{
    /// <summary>Manifests that are shown and would not be accepted.</summary>
    public static IEnumerable<string> ManifestViolations(MarkdownFile page) => page.Fenced("yaml")
        .Where(block => block.Contains("kind: Canary", StringComparison.Ordinal))
        .SelectMany(block => CanaryManifestReader.Read(block, page.Place, PlatformOf(block)).Errors)
        .Select(error => $"{page.Place}: a manifest that is shown is not accepted: {error}");

    /// <summary>Links within the repository that lead nowhere.</summary>
    /// <param name="page">The page.</param>
    /// <param name="find">The page or file at a path from the root: null when there is none, without text when it is no page.</param>
    public static IEnumerable<string> LinkViolations(MarkdownFile page, Func<string, MarkdownFile?> find)
    {
        foreach (var link in page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)))
        {
            var (path, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, "");
            var target = path.Length == 0 ? page : find(Resolve(page.Place, path));
            if (target is null)
                yield return $"{page.Place}: the link {link} leads to nothing.";
            else if (anchor.Length > 0 && !target.Anchors.Contains(anchor))
                yield return $"{page.Place}: the link {link} leads to no heading of {target.Place}.";
        }
    }

    /// <summary>Commands and options that are mentioned and do not exist.</summary>
    public static IEnumerable<string> CommandViolations(MarkdownFile page, IReadOnlyDictionary<string, IReadOnlySet<string>> commands)
    {
        foreach (Match call in page.Code.SelectMany(code => Call().Matches(code)))
        {
            var name = call.Groups["command"].Value;
            if (!commands.TryGetValue(name, out var options))
                yield return $"{page.Place}: there is no command '{name}': {call.Value}";
            else
            {
                foreach (var option in Option().Matches(call.Groups["rest"].Value).Select(match => match.Value).Where(option => !options.Contains(option)))
                    yield return $"{page.Place}: 'meshcanary {name}' has no option {option}: {call.Value}";
            }
        }

        foreach (var option in page.Spans.Select(span => LoneOption().Match(span).Value).Where(option => option.Length > 0))
        {
            if (!commands.Values.Any(options => options.Contains(option)))
                yield return $"{page.Place}: no command has the option {option}.";
        }
    }

    /// <summary>Metrics that the page has and the code has not, and the other way round.</summary>
    public static IEnumerable<string> MetricViolations(MarkdownFile page, IEnumerable<SourceFile> sources)
    {
        var known = sources.SelectMany(source => Quoted().Matches(source.Text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var listed = Row().Matches(page.Text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var named = Metric().Matches(page.Text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. known.Except(listed).Select(name => $"{page.Place}: the metric {name} is in no table."),
            .. named.Except(known).Select(name => $"{page.Place}: there is no metric {name}."),
        ];
    }

    /// <summary>Settings of the proxy that the page's table has and the command has not, and the other way round.</summary>
    public static IEnumerable<string> SettingViolations(MarkdownFile page, IReadOnlySet<string> options)
    {
        var listed = SettingRow().Matches(page.Text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var settings = options.Where(option => option.StartsWith("--", StringComparison.Ordinal)).Except(["--help", "--server", "--log-level", "--config"]).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. settings.Except(listed).Select(name => $"{page.Place}: the setting {name} is not in the table."),
            .. listed.Except(settings).Select(name => $"{page.Place}: there is no setting {name}."),
        ];
    }

    // What is shown for a cluster is read as a cluster reads it.
    private static Platform PlatformOf(string block) => block.Contains("kind: Deployment", StringComparison.Ordinal) ? Platform.Kubernetes : Platform.Standalone;

    private static string Resolve(string place, string path)
    {
        var root = Path.GetFullPath("/");
        return Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(place)!, path))).Replace('\\', '/').TrimEnd('/');
    }

    // What is typed: up to a comment, a pipe, a quote or a bracket that closes around it. Words in capitals stand for something.
    [GeneratedRegex(@"(?<![\w.@-])meshcanary (?<command>[a-z]+)(?<rest>(?:(?!meshcanary )[^#|;)])*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<=\s)--?[a-z][a-z0-9-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"^--[a-z][a-z0-9-]*")]
    private static partial Regex LoneOption();

    [GeneratedRegex("\"(?<name>meshcanary_[a-z_]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| `(?<name>meshcanary_[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `(?<name>--[a-z0-9-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"meshcanary_[a-z_]+")]
    private static partial Regex Metric();
}
