using MeshCanary.Controller.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>Both arms side by side, over the last interval.</summary>
internal static class ArmsTable
{
    /// <summary>Draws the table.</summary>
    public static IRenderable Render(ArmsView arms)
    {
        var table = new Table().NoBorder();
        foreach (var heading in (string[])["arm", "version"])
            table.AddColumn(new TableColumn($"[grey]{heading}[/]").PadLeft(0).PadRight(2).NoWrap());
        foreach (var heading in (string[])["req/s", "errors", "p50", "p90", "p99", "ready"])
            table.AddColumn(new TableColumn($"[grey]{heading}[/]").RightAligned().PadLeft(1).PadRight(2).NoWrap());
        Add(table, "stable", arms.Stable);
        if (arms.Canary is { } canary)
            Add(table, "canary", canary);
        return table;
    }

    private static void Add(Table table, string arm, ArmView view) => table.AddRow(
        arm,
        Markup.Escape(view.Revision),
        Figures.Rate(view.Rate),
        view.Errors == 0 ? "0" : $"[red]{Figures.Count(view.Errors)}[/] [grey]({Figures.Percent(view.Errors, view.Requests)})[/]",
        Figures.Latency(view.P50),
        Figures.Latency(view.P90),
        Figures.Latency(view.P99),
        view.ReadyEndpoints == view.Endpoints ? $"{view.ReadyEndpoints}/{view.Endpoints}" : $"[red]{view.ReadyEndpoints}/{view.Endpoints}[/]");
}
