using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Guarding;

/// <summary>
/// Asked before the canary is given a request, and told how the request ended. Lives for as long as the route has this
/// canary, over all snapshots of it.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class CanaryGuard(
    GuardKey key, CanaryCircuit? circuit, ExposureMeter? budget, ArmPulse canary, ArmPulse stable, ILogger logger)
{
    /// <summary>Whose guard it is.</summary>
    public GuardKey Key => key;

    /// <summary>The circuit; null when the route has none.</summary>
    public CanaryCircuit? Circuit => circuit;

    /// <summary>The budget; null when the run has none.</summary>
    public ExposureMeter? Budget => budget;

    /// <summary>Whether the canary may have a request. What is admitted is spent: tell how it ended, or give it back.</summary>
    public GuardAnswer Ask()
    {
        var answer = circuit?.Ask() ?? GuardAnswer.Admitted;
        if (answer == GuardAnswer.CircuitOpen || budget is null || budget.TrySpend())
            return answer;
        if (answer == GuardAnswer.Probe)
            circuit!.ProbeEnded(answered: false);
        return GuardAnswer.BudgetSpent;
    }

    /// <summary>An admitted request did not reach the canary after all.</summary>
    public void GiveBack(GuardAnswer admitted)
    {
        budget?.GiveBack();
        if (admitted == GuardAnswer.Probe)
            circuit!.ProbeEnded(answered: false);
    }

    /// <summary>A request has ended.</summary>
    /// <param name="ofStable">Whether stable served it.</param>
    /// <param name="admitted">What was answered when it was to go to the canary.</param>
    /// <param name="outcome">How it ended.</param>
    public void Ended(bool ofStable, GuardAnswer admitted, RequestOutcome outcome)
    {
        var failed = outcome is not (RequestOutcome.Success or RequestOutcome.ClientAbort);
        if (ofStable)
        {
            if (failed)
                stable.Fail();
        }
        else if (failed)
        {
            Failed(admitted);
        }
        else if (admitted == GuardAnswer.Probe)
        {
            ProbeEnded(answered: outcome == RequestOutcome.Success);
        }
    }

    /// <summary>An admitted request failed by the version's fault.</summary>
    public void Failed(GuardAnswer admitted)
    {
        canary.Fail();
        budget?.Fail();
        if (circuit?.Failed(admitted == GuardAnswer.Probe) is not { } burst)
            return;
        LogOpened(key.Route, key.CanaryRevision, burst.CanaryFailures, burst.CanaryRequests, burst.StableFailures, burst.StableRequests, circuit.Settings.Pause.TotalSeconds);
    }

    // Without a failure; when the canary did not answer, it says nothing of the canary.
    private void ProbeEnded(bool answered)
    {
        if (circuit!.ProbeEnded(answered))
            LogClosed(key.Route, key.CanaryRevision);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}: the circuit of canary {Revision} opened. {Failures} of {Requests} requests failed (stable: {StableFailures} of {StableRequests}); stable serves for it, and single requests try it again after {Pause} s.")]
    private partial void LogOpened(string route, string revision, long failures, long requests, long stableFailures, long stableRequests, double pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route}: canary {Revision} answers again; its circuit is closed.")]
    private partial void LogClosed(string route, string revision);
}
