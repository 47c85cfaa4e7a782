using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Configuring;

/// <summary>
/// Sees which canaries leave, so that what still runs on them ends: those whose revision is on no arm of their route any
/// more. One that is promoted keeps its requests. Not thread-safe: snapshots are applied one at a time.
/// </summary>
internal sealed partial class CanaryEndings(TimeSpan limit, TimeProvider time, ILogger<CanaryEndings> logger)
{
    private readonly Dictionary<RevisionCounters, ArmEnding> _endings = [];

    /// <summary>What ends the requests of a canary: what it had, also if it left a moment ago.</summary>
    /// <param name="canary">Its counters.</param>
    public ArmEnding Of(RevisionCounters canary)
    {
        if (!_endings.TryGetValue(canary, out var ending) || !ending.TryStay())
            _endings[canary] = ending = new ArmEnding(limit, time, () => Tell(canary));
        return ending;
    }

    /// <summary>A table has come into force: begins to end what left with the one before.</summary>
    public void Swapped(RouteTable table)
    {
        foreach (var (canary, ending) in _endings)
        {
            table.TryFind(canary.Route, out var route);
            if (route?.Stable.Counters == canary)
            {
                ending.TryStay();
                _endings.Remove(canary);
            }
            else if (route?.Canary?.Counters != canary)
            {
                ending.Leave();
                // Until it is over it may come back; after that, nobody asks for it.
                if (ending.Token.IsCancellationRequested)
                    _endings.Remove(canary);
            }
        }
    }

    private void Tell(RevisionCounters canary)
    {
        if (canary.InFlight is > 0 and var left)
            LogEnding(canary.Route, canary.Revision, left, limit.TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Route {Route}: {Requests} requests still run on revision {Revision}, {Limit} s after it ceased to be the canary; they are ended.")]
    private partial void LogEnding(string route, string revision, long requests, double limit);
}
