using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Commands.Status;

/// <summary>Waits for the end of a rollout and tells what happens on the way.</summary>
internal sealed class RolloutWait(ApiClient api, CanaryName name, Terminal terminal)
{
    private static readonly TimeSpan LogPace = TimeSpan.FromSeconds(10);

    /// <summary>Waits until nothing is under way, a person is needed, or the time is over.</summary>
    /// <param name="awaited">The revision to wait for; null for whatever is in flight.</param>
    /// <param name="timeout">Longest wait; null for none.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> UntilSettledAsync(Revision? awaited, TimeSpan? timeout, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, terminal.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var log = new ProgressLog(terminal.Time.GetUtcNow(), LogPace);
        var wasSeen = awaited is null;
        try
        {
            await foreach (var frame in new FrameSource(api, name, terminal.Time).ReadAsync(either.Token))
            {
                foreach (var line in log.Lines(frame, terminal.Time.GetUtcNow()))
                    terminal.Out.WriteLine(line);
                wasSeen = wasSeen || IsAboutIt(frame.Canary, awaited!);
                if (wasSeen && Settled(frame.Canary, awaited) is { } code)
                {
                    Tell(frame.Canary, code);
                    return code;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine($"error: {name} has not settled within {Figures.Duration(timeout!.Value)}; the rollout goes on.");
            terminal.Error.WriteLine($"  remedy: see 'meshcanary status {name}' for what it waits for, or give a longer --timeout.");
            return ExitCode.TimedOut;
        }

        return ExitCode.Error;
    }

    // In a pipeline's log this is the line that people look for.
    private void Tell(CanaryView canary, int code)
    {
        var (now, run) = (terminal.Time.GetUtcNow(), canary.Run);
        if (code == ExitCode.RolledBack && run is { Outcome: { } outcome })
            terminal.Out.WriteLine($"{name}: {run.Canary.Name} was {Wording.Of(outcome)}, {canary.Stable.Name} is stable{(run.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}");
        else if (code == ExitCode.WaitsForPerson && Wording.Waiting(canary.WaitingFor, now) is { } waiting)
            terminal.Out.WriteLine($"{name}: a person is waited for: {waiting}");
    }

    private static bool IsAboutIt(CanaryView canary, Revision awaited) =>
        canary.Run?.Canary == awaited || IsStable(canary, awaited);

    private static bool IsStable(CanaryView canary, Revision awaited) => canary.Phase == Phase.Stable && canary.Stable == awaited;

    private static int? Settled(CanaryView canary, Revision? awaited)
    {
        // Another version took its place: whatever becomes of that one, this one is out.
        if (awaited is not null && canary.Run is { } run && run.Canary != awaited && canary.Stable != awaited)
            return ExitCode.RolledBack;
        if (awaited is not null && IsStable(canary, awaited))
            return ExitCode.Success;
        var code = RolloutExit.Of(canary);
        return code == ExitCode.UnderWay ? null : code;
    }
}
