using System.Collections.Immutable;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What a worker has in memory of its Canary. Touched by one reconcile at a time.</summary>
internal sealed class CanaryState(CanaryRecord record, ServiceCalibration calibration)
{
    private volatile CanaryRecord _record = record;
    private CanaryWish? _wish;

    /// <summary>What is stored.</summary>
    public CanaryRecord Record
    {
        get => _record;
        set => _record = value;
    }

    /// <summary>What is known of the service's own noise.</summary>
    public ServiceCalibration Calibration { get; } = calibration;

    /// <summary>The last finished window, for people to look at; null before the first since the start.</summary>
    public ClosedWindow? Last { get; set; }

    /// <summary>Why the last windows could not be analysed; null when they could.</summary>
    public string? AnalysisProblem { get; set; }

    /// <summary>What is wanted of the Canary and not decided on yet; null when nothing is. Set from any thread.</summary>
    public CanaryWish? Wish
    {
        get => Volatile.Read(ref _wish);
        set => Volatile.Write(ref _wish, value);
    }

    /// <summary>A wish was granted. One that came meanwhile stays.</summary>
    public void Grant(CanaryWish wish) => Interlocked.CompareExchange(ref _wish, null, wish);

    /// <summary>The revisions whose endpoints are looked at.</summary>
    public ImmutableArray<Revision> Watched { get; set; } = [];
}
