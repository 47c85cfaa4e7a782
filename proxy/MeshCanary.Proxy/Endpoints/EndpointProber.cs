using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Probes one endpoint, at once and then again and again: a new one is what its first probe says, a healthy one may fail
/// once, and an unhealthy one is healthy again with its first success. One probe at a time; one that hangs holds up no
/// other endpoint's.
/// </summary>
internal sealed partial class EndpointProber
{
    private const int FailuresOfAHealthyOne = 2;

    private readonly Endpoint _endpoint;
    private readonly ProbePlan _plan;
    private readonly EndpointGroup _group;
    private readonly ILogger _logger;
    private readonly IProbe _probe;
    private readonly Repetition _rounds;
    private int _failures;
    private bool _judged;

    public EndpointProber(Endpoint endpoint, ProbePlan plan, EndpointGroup group)
    {
        (_endpoint, _plan, _group) = (endpoint, plan, group);
        _logger = group.Tools.Loggers.CreateLogger<EndpointProber>();
        _probe = plan.Make(endpoint);
        _rounds = new Repetition(group.Tools, plan.Interval, ProbeAsync);
    }

    /// <summary>Begins; does nothing when it is under way. Within a change of the group.</summary>
    public void Start() => _rounds.Start();

    /// <summary>Ends, the probe under way too. Within a change of the group.</summary>
    public void Stop() => _rounds.Stop();

    private async Task<bool> ProbeAsync(CancellationToken stop)
    {
        var obstacle = await AskAsync(stop);
        _group.Change(() => Judge(obstacle, stop));
        return !_plan.UntilPassed || obstacle.Length > 0;
    }

    private async Task<string> AskAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_plan.Limit, _group.Tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await _probe.AskAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"its health check had no answer within {_plan.Limit.TotalSeconds} s";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return $"its health check failed: {fault.GetBaseException().Message.TrimEnd('.')}";
        }
    }

    private void Judge(string obstacle, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return;
        var (passed, state) = (obstacle.Length == 0, _endpoint.State);
        _failures = passed ? 0 : _failures + 1;
        if (!passed && state.PassesProbes && _failures < FailuresOfAHealthyOne)
            return;
        if (!passed && (state.PassesProbes || !_judged))
            LogUnhealthy(_group.Counters.Route, _group.Counters.Revision, _endpoint.Address, _endpoint.Prefix, obstacle);
        else if (passed && !state.PassesProbes && _judged)
            LogHealthy(_group.Counters.Route, _group.Counters.Revision, _endpoint.Address, _endpoint.Prefix);
        _judged = true;
        state.Probed(obstacle);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: {Address} ({Prefix}) is not healthy and gets no requests: {Obstacle}. It is asked again until it passes.")]
    private partial void LogUnhealthy(string route, string revision, string address, string prefix, string obstacle);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route}, revision {Revision}: {Address} ({Prefix}) is healthy again.")]
    private partial void LogHealthy(string route, string revision, string address, string prefix);
}
