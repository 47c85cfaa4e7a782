using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>One Canary on one page: where it stands, both arms, the evidence against its thresholds, and why.</summary>
internal static class CanaryPage
{
    /// <summary>Draws the page.</summary>
    /// <param name="canary">What the server shows.</param>
    /// <param name="log">Last entries of the decision log, oldest first.</param>
    /// <param name="now">The present moment, for times that are left.</param>
    public static IRenderable Render(CanaryView canary, IReadOnlyList<EventView> log, DateTimeOffset now)
    {
        var rows = new List<IRenderable> { Headline(canary, now) };
        if (canary.Problem is { } problem)
            rows.Add(Line("Problem", $"[bold red]{Markup.Escape(problem)}[/] [grey](what follows is from before)[/]"));
        rows.Add(Weights(canary));
        if (canary.Arms is { } arms)
            rows.AddRange([Text.Empty, ArmsTable.Render(arms)]);
        if (canary.Verdict is { } verdict)
        {
            rows.AddRange([Text.Empty, verdict.Labels.IsDefaultOrEmpty ? EvidenceTable.Render(verdict) : LabelsTable.Render(verdict), Text.Empty]);
            var eta = verdict.Eta is { } left ? $"   [grey]a Pass in about {Figures.Duration(left)} if it is as good[/]" : "";
            rows.Add(Line("Score", $"[bold]{verdict.Score:0}[/] of 100   [{Color(verdict.Kind)}]{Wording.Of(verdict.Kind)}[/]{eta}"));
        }

        if (Wording.Reason(canary, now) is { Length: > 0 } reason)
            rows.Add(Line("Reason", Markup.Escape(reason)));
        foreach (var caveat in canary.Verdict?.Caveats ?? [])
            rows.Add(Line("Caveat", $"[grey]{Markup.Escape(caveat)}[/]"));
        if (canary.Calibration is { } calibration)
            rows.Add(Line("Noise", Markup.Escape(Wording.Noise(calibration))));
        foreach (var (label, words) in new[] { ("Circuit", Guards.Circuit(canary.Circuits)), ("Exposure", Guards.Exposure(canary.Exposure)), ("Mirrored", Guards.Mirrored(canary.Mirrored)) })
        {
            if (words is not null)
                rows.Add(Line(label, Markup.Escape(words)));
        }

        if (Wording.Waiting(canary.WaitingFor, now) is { } waiting)
            rows.Add(Line("Waiting", Markup.Escape(waiting)));
        foreach (var proxy in canary.Proxies.Where(proxy => proxy.Problem is not null))
            rows.Add(Line("Proxy", $"[red]{Markup.Escape(proxy.Name)}: {Markup.Escape(proxy.Problem!)}[/]"));
        if (log.Count > 0)
            rows.Add(DecisionLog.Render(log));
        return new Rows(rows);
    }

    /// <summary>A labelled line whose text wraps beside its label.</summary>
    public static IRenderable Line(string label, string markup) => new Grid()
        .AddColumn(new GridColumn().Width(10).NoWrap().PadRight(1))
        .AddColumn(new GridColumn())
        .AddRow(new Markup($"[grey]{label}[/]"), new Markup(markup));

    private static Markup Headline(CanaryView canary, DateTimeOffset now)
    {
        var name = Markup.Escape(canary.Namespace == "default" ? canary.Name : $"{canary.Namespace}/{canary.Name}");
        var versions = Markup.Escape(Wording.Versions(canary));
        var phase = $"[{Color(canary.Phase)}]{Wording.PhaseAndStep(canary)}[/] for {Figures.Clock(now - canary.PhaseSince)}";
        var outcome = canary.Run is { Outcome: { } ended } last
            ? $"   [grey]last run:[/] {Markup.Escape(last.Canary.Name)} {Wording.Of(ended)}"
            : "";
        // Of two versions the last one named is what failed: v2, v3 failed.
        var gap = canary.Phase == Phase.Failed ? " " : "   ";
        return new Markup($"[bold]{name}[/]   {versions}{gap}{phase}{outcome}");
    }

    private static IRenderable Weights(CanaryView canary)
    {
        var connected = canary.Proxies.Count(proxy => proxy.Connected);
        var weight = canary.Weight;
        return Line("Weight", $"desired [bold]{Figures.Share(weight.Desired)}[/]   acknowledged [bold]{Figures.Share(weight.Acknowledged)}[/]   "
            + $"measured [bold]{Figures.Share(weight.Measured)}[/]   [grey]{Figures.Many(connected, "proxy", "proxies")}[/]");
    }

    private static string Color(Phase phase) => phase switch
    {
        Phase.Failed or Phase.RollingBack => "red",
        Phase.Paused => "yellow",
        Phase.Stable or Phase.Baking or Phase.Promoting => "green",
        _ => "blue",
    };

    private static string Color(Analysis.Judging.VerdictKind verdict) => verdict switch
    {
        Analysis.Judging.VerdictKind.Pass => "green",
        Analysis.Judging.VerdictKind.NotEnoughData => "blue",
        Analysis.Judging.VerdictKind.Inconclusive => "yellow",
        _ => "red",
    };
}
