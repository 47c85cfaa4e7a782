using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Commands.Status;

/// <summary><c>status</c>: where a rollout stands, as a page and as an exit code for pipelines.</summary>
internal sealed class StatusCommand : Command, INoted
{
    private const int LogEntries = 8;

    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait until the rollout has ended or waits for a person." };
    private readonly Option<TimeSpan?> _timeout = CommonArguments.Duration("--timeout", "Longest time to wait with --wait, such as 30m. Without it there is no limit.");
    private readonly Option<bool> _explain = new("--explain") { Description = "Explain the verdict in plain sentences: what was compared, every metric's effect and evidence, and what would change the decision." };
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public StatusCommand(Terminal terminal, GlobalOptions options)
        : base("status", "Shows where a rollout stands, the evidence, and what it waits for.")
    {
        (_terminal, _options) = (terminal, options);
        Add(_canary);
        Add(_wait);
        Add(_timeout);
        Add(_explain);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        Exit codes:
          0    the newest version is stable
          1    error; standard error says which
          2    bad usage
          3    the version was rolled back, aborted or superseded
          4    the rollout waits for a person
          5    --timeout is over; the rollout goes on
          6    still under way (without --wait)
          130  interrupted (143: by SIGTERM)
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetRequiredValue(_canary);
        if (parsed.GetValue(_wait))
        {
            var code = await new RolloutWait(api, name, _terminal).UntilSettledAsync(null, parsed.GetValue(_timeout), stop);
            await ShowAsync(api, parsed, stop);
            return code;
        }

        return RolloutExit.Of(await ShowAsync(api, parsed, stop));
    }

    private async Task<Controller.Api.CanaryView> ShowAsync(ApiClient api, ParseResult parsed, CancellationToken stop)
    {
        var name = parsed.GetRequiredValue(_canary);
        var canary = await api.GetAsync(name, stop);
        var log = await api.EventsAsync(name, 0, stop);
        ConsoleFactory.Create(_terminal).Write(CanaryPage.Render(canary, [.. log.TakeLast(LogEntries)], _terminal.Time.GetUtcNow()));
        if (parsed.GetValue(_explain))
            Explain(canary);
        return canary;
    }

    private void Explain(Controller.Api.CanaryView canary)
    {
        var width = ConsoleFactory.WidthOf(_terminal);
        foreach (var sentence in canary.Explanation.IsDefaultOrEmpty ? ["There is no verdict yet: no interval of a run is complete."] : canary.Explanation)
        {
            _terminal.Out.WriteLine();
            foreach (var line in TextWrap.Lines(sentence, width))
                _terminal.Out.WriteLine(line);
        }

        // Queries are copied into other tools: they are not wrapped.
        foreach (var span in canary.Asked.IsDefault ? [] : canary.Asked)
        {
            _terminal.Out.WriteLine();
            foreach (var line in CustomFigures.Asked(span))
                _terminal.Out.WriteLine(line);
        }
    }
}
