using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Commands.Watch;

/// <summary><c>watch</c>: one Canary, live.</summary>
internal sealed class WatchCommand : Command
{
    private const int LogEntries = 8;
    private static readonly TimeSpan LogPace = TimeSpan.FromSeconds(10);

    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines instead of a live page; also what a pipe or a log gets." };
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public WatchCommand(Terminal terminal, GlobalOptions options)
        : base("watch", "Follows one Canary live until Ctrl-C.")
    {
        (_terminal, _options) = (terminal, options);
        Add(_canary);
        Add(_plain);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var frames = new FrameSource(api, parsed.GetRequiredValue(_canary), _terminal.Time) { FromTheBeginning = true };
        if (_terminal.IsInteractive && !parsed.GetValue(_plain))
            await WatchLiveAsync(frames, stop);
        else
            await WatchPlainAsync(frames, stop);
        return ExitCode.Success;
    }

    private Task WatchLiveAsync(FrameSource frames, CancellationToken stop) => LiveScreen.RunAsync(_terminal, async show =>
    {
        var log = new RecentLog(LogEntries);
        await foreach (var frame in frames.ReadAsync(stop))
            show(CanaryPage.Render(frame.Canary, log.Add(frame.NewEvents), _terminal.Time.GetUtcNow()));
    });

    private async Task WatchPlainAsync(FrameSource frames, CancellationToken stop)
    {
        ProgressLog? log = null;
        await foreach (var frame in frames.ReadAsync(stop))
        {
            var now = _terminal.Time.GetUtcNow();
            log ??= new ProgressLog(now, LogPace);
            foreach (var line in log.Lines(frame, now))
                _terminal.Out.WriteLine(line);
        }
    }
}
