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

    /// <summary>The revisions whose endpoints are looked at.</summary>
    public ImmutableArray<Revision> Watched { get; set; } = [];
}
