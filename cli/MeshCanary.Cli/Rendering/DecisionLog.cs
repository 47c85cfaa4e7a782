using MeshCanary.Controller.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>Entries of the decision log.</summary>
internal static class DecisionLog
{
    /// <summary>Draws the entries, oldest first, text wrapped beside its time.</summary>
    public static IRenderable Render(IEnumerable<EventView> entries)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().Width(10).NoWrap().PadRight(1))
            .AddColumn(new GridColumn());
        foreach (var entry in entries)
            grid.AddRow(new Markup($"[grey]{Figures.TimeOfDay(entry.At)}[/]"), new Markup(Markup.Escape(entry.Message)));
        return grid;
    }

    /// <summary>One entry as one line.</summary>
    public static string Line(EventView entry) => $"{Figures.Moment(entry.At)}  {entry.Kind,-18}  {entry.Message}";
}
