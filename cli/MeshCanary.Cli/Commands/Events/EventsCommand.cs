using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Commands.Events;

/// <summary><c>events</c>: the decision log.</summary>
internal sealed class EventsCommand : Command
{
    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with new entries until Ctrl-C." };
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public EventsCommand(Terminal terminal, GlobalOptions options)
        : base("events", "Shows the log of decisions of one Canary, oldest first.")
    {
        (_terminal, _options) = (terminal, options);
        Add(_canary);
        Add(_follow);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetRequiredValue(_canary);
        var frames = new FrameSource(api, name, _terminal.Time) { FromTheBeginning = true };
        await foreach (var frame in frames.ReadAsync(stop))
        {
            foreach (var entry in frame.NewEvents)
                _terminal.Out.WriteLine(DecisionLog.Line(entry));
            if (!parsed.GetValue(_follow))
                break;
        }

        return ExitCode.Success;
    }
}
