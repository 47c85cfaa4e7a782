using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Kayenta;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>What Kayenta's rules found per metric.</summary>
internal static class LabelsTable
{
    /// <summary>Draws the table, with broken guards below.</summary>
    public static IRenderable Render(Verdict verdict)
    {
        var table = new Table().NoBorder();
        foreach (var heading in (string[])["judgement", "label", ""])
            table.AddColumn(new TableColumn($"[grey]{heading}[/]").PadLeft(0).PadRight(2));
        foreach (var metric in verdict.Labels)
        {
            var name = Markup.Escape(Wording.Metric(metric.Metric));
            table.AddRow(metric.Critical ? $"{name} [grey](critical)[/]" : name, $"[{Color(metric.Label)}]{metric.Label}[/]", $"[grey]{Markup.Escape(metric.Reason)}[/]");
        }

        foreach (var breach in verdict.Breaches)
            table.AddRow("[red]guard[/]", $"[red]{EvidenceTable.Breach(breach)}[/]", "");
        foreach (var breach in verdict.CustomBreaches ?? [])
            table.AddRow("[red]guard[/]", $"[red]{Markup.Escape(CustomFigures.Breach(breach))}[/]", "");
        return table;
    }

    private static string Color(KayentaLabel label) => label switch
    {
        KayentaLabel.Pass => "green",
        KayentaLabel.Nodata or KayentaLabel.Inconclusive => "yellow",
        _ => "red",
    };
}
