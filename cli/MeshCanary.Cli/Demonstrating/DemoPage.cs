using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>What the demo shows: the page of the Canary, and what the users see.</summary>
internal static class DemoPage
{
    private const int LogEntries = 5;
    private static readonly TimeSpan PlainPace = TimeSpan.FromSeconds(10);

    /// <summary>Redraws one page with every frame.</summary>
    public static Action<Frame> Live(Action<IRenderable> show, DemoScenario scenario, Func<LoadTotals> totals, TimeProvider time)
    {
        var log = new RecentLog(LogEntries);
        return frame => show(new Rows(
            new Rule($"[bold]MeshCanary[/] [grey]{Markup.Escape(scenario.Promise)}[/]").LeftJustified(),
            CanaryPage.Line("Users", Markup.Escape(Users(totals()))),
            CanaryPage.Render(frame.Canary, log.Add(frame.NewEvents), time.GetUtcNow())));
    }

    /// <summary>Writes lines.</summary>
    public static Action<Frame> Plain(Terminal terminal, Func<LoadTotals> totals)
    {
        var log = new ProgressLog(terminal.Time.GetUtcNow(), PlainPace);
        return frame =>
        {
            var lines = log.Lines(frame, terminal.Time.GetUtcNow()).ToList();
            foreach (var line in lines)
                terminal.Out.WriteLine(line);
            if (lines.Count > 0)
                terminal.Out.WriteLine($"      users: {Users(totals())}");
        };
    }

    /// <summary>Writes the end.</summary>
    public static void WriteSummary(Terminal terminal, DemoSummary summary)
    {
        terminal.Out.WriteLine("");
        var console = ConsoleFactory.Create(terminal);
        foreach (var (label, text) in summary.Lines())
        {
            var color = label is "Result" ? summary.IsAsPromised ? "bold green" : "bold red" : "default";
            console.Write(CanaryPage.Line(label, $"[{color}]{Markup.Escape(text)}[/]"));
        }
    }

    private static string Users(LoadTotals totals) =>
        $"{Figures.Count(totals.Requests)} requests, {Figures.Count(totals.AllFailures)} answered badly, {Figures.Count(totals.Lost)} lost";
}
