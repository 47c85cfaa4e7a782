using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Exposing;

/// <summary>Turns what proxies did by themselves into what a decision rests on. Pure.</summary>
internal static class ExposureWatch
{
    /// <summary>Why a run has to end at once; null while nothing says so.</summary>
    public static CanaryAlarm? Alarm(Run run, ExposureLedger? ledger, ImmutableDictionary<string, ProxyStanding> standings, IReadOnlyCollection<string> connected)
    {
        var opened = standings.Values
            .Where(standing => standing.Opening is { } opening && opening.Revision == run.Canary.Name && opening.At > run.StartedAt)
            .OrderBy(standing => standing.Opening!.At).ThenBy(standing => standing.Proxy, StringComparer.Ordinal)
            .FirstOrDefault();
        if (opened is { Opening: { } first })
            return new CanaryAlarm(EventKinds.CircuitOpened, Words(opened.Proxy, first, run));
        return ledger?.FailuresSpent(connected) is { } spent ? new CanaryAlarm(EventKinds.ExposureSpent, spent) : null;
    }

    private static string Words(string proxy, CircuitOpening opening, Run run) => string.Create(
        CultureInfo.InvariantCulture,
        $"proxy {proxy} took {run.Canary.Name} out by itself: {opening.CanaryFailures} of its {opening.CanaryRequests} requests had failed at once, against {opening.StableFailures} of {opening.StableRequests} of {run.Baseline.Name}");
}
