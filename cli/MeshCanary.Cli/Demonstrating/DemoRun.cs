using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>Plays the demo from the first process to the summary.</summary>
internal sealed class DemoRun(DemoOptions options, Terminal terminal, ILoggerFactory loggers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly CanaryName Canary = new("default", DemoManifest.Name);

    private readonly TimeProvider _time = terminal.Time;
    private readonly DemoStory _story = new();

    /// <summary>Plays it.</summary>
    /// <returns>Success for the promised end, Error for any other.</returns>
    public async Task<int> PlayAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        LoadTotals totals;
        Say("", $"MeshCanary demo: {options.Scenario.Promise}.");
        Say("", "Starting two versions of a sample service, a controller and a proxy…");
        await using (var stage = await DemoStage.SetAsync(options, _time, loggers, either.Token))
        {
            Introduce(stage);
            try
            {
                await PlayOnAsync(stage, either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                terminal.Error.WriteLine($"error: the demo did not end within {Figures.Duration(Limit)}; {Whereabouts()}");
                terminal.Error.WriteLine("  remedy: run it on a machine that is less busy, or again with --log-level information.");
            }

            if (stage.Load is { } load)
                await load.StopAsync();
            totals = stage.Load?.Totals() ?? LoadTotals.None;
        }

        var summary = new DemoSummary(options.Scenario, _story, totals);
        DemoPage.WriteSummary(terminal, summary);
        return summary.IsAsPromised ? ExitCode.Success : ExitCode.Error;
    }

    private void Introduce(DemoStage stage)
    {
        Say("  ", $"v1 at {stage.Old.Address} (pid {stage.Old.Id})");
        Say("  ", $"v2 at {stage.New.Address} (pid {stage.New.Id})");
        Say("  ", $"proxy at {StandaloneServer.Local(stage.Server.Proxy!.Listen)}");
        Say("  ", $"API at {new Uri(stage.Api.Server, "api/v1/canaries")}");
        Say("  ", $"{options.Rate} requests a second from 64 users; v2 is announced after {Calm.TotalSeconds:0} s");
        terminal.Out.WriteLine("");
    }

    private void Say(string indent, string text)
    {
        foreach (var line in TextWrap.Lines(text, ConsoleFactory.WidthOf(terminal) - indent.Length))
            terminal.Out.WriteLine(indent + line);
    }

    private async Task PlayOnAsync(DemoStage stage, CancellationToken stop)
    {
        await UntilServingAsync(stage, stop);
        var load = stage.StartLoad(options.Rate, _time);
        if (options.IsLive)
            await LiveScreen.RunAsync(terminal, show => FollowAsync(stage, DemoPage.Live(show, options.Scenario, load.Totals, _time), stop));
        else
            await FollowAsync(stage, DemoPage.Plain(terminal, load.Totals), stop);
    }

    private async Task FollowAsync(DemoStage stage, Action<Frame> show, CancellationToken stop)
    {
        var announcement = AnnounceAsync(stage, stop);
        var frames = new FrameSource(stage.Api, Canary, _time) { FromTheBeginning = true };
        await foreach (var frame in frames.ReadAsync(stop))
        {
            if (announcement.IsFaulted)
                await announcement;
            RequireAlive(stage);
            _story.Take(frame);
            show(frame);
            if (_story.IsOver)
                break;
        }

        await announcement;
    }

    private async Task AnnounceAsync(DemoStage stage, CancellationToken stop)
    {
        await Task.Delay(Calm, _time, stop);
        await stage.Api.AnnounceAsync(Canary, new RevisionRequest(DemoManifest.NewVersion, [stage.New.Address.AbsoluteUri.TrimEnd('/')]), force: false, stop);
    }

    private async Task UntilServingAsync(DemoStage stage, CancellationToken stop)
    {
        await foreach (var frame in new FrameSource(stage.Api, Canary, _time).ReadAsync(stop))
        {
            if (frame.Canary is { Phase: Phase.Stable, Weight.Acknowledged: 0 })
                return;
        }
    }

    private static void RequireAlive(DemoStage stage)
    {
        if (stage.Old.HasExited || stage.New.HasExited)
            throw new CommandFailure($"The sample service {(stage.Old.HasExited ? "v1" : "v2")} ended in the middle of the demo.", "run ./demo.sh again; if it happens again, look for what ends processes on this machine.");
    }

    private string Whereabouts() => _story.Last is { } last
        ? $"the rollout stands at {Wording.PhaseAndStep(last)}, waiting for: {last.WaitingFor?.What ?? "nothing"}."
        : "the controller and the proxy did not come up.";
}
