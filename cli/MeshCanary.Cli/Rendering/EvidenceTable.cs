using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>The evidence per metric as bars toward the two thresholds.</summary>
internal static class EvidenceTable
{
    private const int BarWidth = 10;

    /// <summary>Draws the table.</summary>
    public static IRenderable Render(Verdict verdict)
    {
        var table = new Table().NoBorder();
        foreach (var heading in (string[])["evidence", "canary − stable, points", "harm → rollback", "safety → promote"])
            table.AddColumn(new TableColumn($"[grey]{heading}[/]").PadLeft(0).PadRight(2).NoWrap());
        foreach (var metric in verdict.Metrics)
            table.AddRow(
                Wording.Metric(metric.Metric),
                Difference(metric),
                Harm(EvidenceLevels.Harm(verdict, metric)),
                Safety(EvidenceLevels.Safety(verdict, metric)));
        foreach (var metric in verdict.Custom ?? [])
            table.AddRow(
                Markup.Escape(metric.Metric),
                Markup.Escape(CustomFigures.Difference(metric)),
                metric.Kind == CustomKind.Guard ? "" : Harm(EvidenceLevels.Harm(verdict, metric)),
                metric.Kind == CustomKind.Guard ? (metric.IsProven ? "[green]within limits[/]" : "[yellow]open[/]") : Safety(EvidenceLevels.Safety(verdict, metric)));
        table.AddRow(
            "[bold]together[/]",
            $"[grey]{Figures.Count(verdict.CanaryRequests)} : {Figures.Count(verdict.StableRequests)} requests[/]",
            Harm(EvidenceLevels.Harm(verdict)),
            Safety(EvidenceLevels.Safety(verdict)));
        foreach (var breach in verdict.Breaches)
            table.AddRow($"[red]guard[/]", $"[red]{Breach(breach)}[/]", Harm(1), "");
        foreach (var breach in verdict.CustomBreaches ?? [])
            table.AddRow($"[red]guard[/]", $"[red]{Markup.Escape(CustomFigures.Breach(breach))}[/]", Harm(1), "");
        return table;
    }

    /// <summary>A broken guard in words.</summary>
    public static string Breach(GuardBreach breach)
    {
        var isShare = breach.Metric == "errorRate";
        var observed = isShare ? Figures.Percent(breach.Observed) : Figures.Latency(breach.Observed);
        var limit = isShare ? Figures.Percent(breach.Limit) : Figures.Latency(breach.Limit);
        return $"{(isShare ? "error rate" : Wording.Metric(breach.Metric))} {observed}, limit {limit}";
    }

    private static string Difference(MetricEvidence metric) => metric.CanaryRequests == 0 || metric.StableRequests == 0
        ? Figures.None
        : $"{Figures.Points(metric.Difference)} [grey]({Figures.Points(metric.DifferenceLow)} to {Figures.Points(metric.DifferenceHigh)})[/]";

    private static string Harm(double level) => Level(level, level >= 1 ? "red" : "yellow");

    private static string Safety(double level) => Level(level, level >= 1 ? "green" : "blue");

    private static string Level(double level, string color) =>
        $"[{color}]{Bar.Blocks(level, BarWidth)}[/] {Math.Floor(level * 100),3:0}%";
}
