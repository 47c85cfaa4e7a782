using System.Collections.Immutable;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Exposing;

/// <summary>What one look saw of a run's exposure. Pure.</summary>
/// <param name="Ledger">The budget with what proxies have just said; null where nothing is limited.</param>
/// <param name="Alarm">Why the run has to end at once.</param>
/// <param name="Spent">Why no more evidence can come.</param>
/// <param name="Connected">The proxies that are there.</param>
internal sealed record Exposure(ExposureLedger? Ledger, CanaryAlarm? Alarm, string? Spent, ImmutableArray<string> Connected)
{
    /// <summary>Looks.</summary>
    public static Exposure Look(CanaryRecord record, ImmutableDictionary<string, ProxyStanding> standings, ImmutableArray<string> connected)
    {
        var (status, spec) = (record.Status, record.Manifest.Spec.Strategy.Exposure);
        if (status is not { Run: { } run, Phase: Phase.Progressing or Phase.Paused or Phase.Promoting })
            return new Exposure(record.Exposure, null, null, connected);
        var ledger = status.Phase == Phase.Promoting ? null : ExposureLedger.Of(record.Exposure, run, spec)?.Hear(standings);
        return new Exposure(ledger ?? record.Exposure, ExposureWatch.Alarm(run, ledger, standings, connected), ledger?.RequestsSpent(connected), connected);
    }

    /// <summary>The ledger after a decision: who asks for more gets it, while the run has weight.</summary>
    public ExposureLedger? After(CanaryRecord record)
    {
        if (record.Status is not { Run: { } run, Phase: Phase.Progressing or Phase.Paused })
            return Ledger;
        var ledger = ExposureLedger.Of(Ledger, run, record.Manifest.Spec.Strategy.Exposure);
        return run.Weight.Value > 0 ? ledger?.Give(Connected) : ledger;
    }
}
