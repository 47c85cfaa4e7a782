namespace MeshCanary.Analysis.Sequential.Watching;

/// <summary>State of a watch after promotion.</summary>
public sealed record PromotionWatchState
{
    /// <summary>Intervals that counted.</summary>
    public required int Intervals { get; init; }

    /// <summary>The detector.</summary>
    public required DetectorState Detector { get; init; }
}
