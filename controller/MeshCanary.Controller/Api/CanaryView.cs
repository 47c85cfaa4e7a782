using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Api;

/// <summary>One Canary as the API shows it. Enums are written as camelCase strings, times as ISO 8601 UTC, durations in seconds.</summary>
public sealed record CanaryView
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>What stable serves.</summary>
    public required Revision Stable { get; init; }

    /// <summary>The run in flight or the last one.</summary>
    public Run? Run { get; init; }

    /// <summary>Number of steps of the plan.</summary>
    public required int Steps { get; init; }

    /// <summary>What it waits for.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>The three weights.</summary>
    public required WeightView Weight { get; init; }

    /// <summary>Verdict on the run; null before the first interval.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>
    /// The verdict in plain sentences with numbers: why, what was compared, every metric's effect and evidence, what would
    /// change the decision and when, and what limits it; empty before the first interval.
    /// </summary>
    public ImmutableArray<string> Explanation { get; init; } = [];

    /// <summary>What the sources of custom metrics were asked last, and what they answered, one entry for each metric; empty without any.</summary>
    public ImmutableArray<AskedSpan> Asked { get; init; } = [];

    /// <summary>Both arms over the last analysed interval; null before the first.</summary>
    public ArmsView? Arms { get; init; }

    /// <summary>The proxies' circuits of the run's version; empty where they have none.</summary>
    public ImmutableArray<CircuitView> Circuits { get; init; } = [];

    /// <summary>What the run may cost at most; null where nothing is limited.</summary>
    public ExposureView? Exposure { get; init; }

    /// <summary>Copies that the run's version got; null where nothing is mirrored. They are not judged.</summary>
    public MirrorFigures? Mirrored { get; init; }

    /// <summary>What is known of the service's own noise; null from a server that learns none.</summary>
    public CalibrationView? Calibration { get; init; }

    /// <summary>Connected proxies.</summary>
    public required ImmutableArray<ProxyView> Proxies { get; init; }

    /// <summary>Why it could not be reconciled the last time, so that all above is from before; null when it could.</summary>
    public string? Problem { get; init; }

    /// <summary>Rises with every change of this view.</summary>
    public required long Version { get; init; }
}
