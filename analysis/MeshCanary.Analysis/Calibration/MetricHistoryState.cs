namespace MeshCanary.Analysis.Calibration;

/// <summary>State of one metric of a <see cref="CalibrationHistory"/>.</summary>
public sealed record MetricHistoryState
{
    /// <summary>Its name.</summary>
    public required string Metric { get; init; }

    /// <summary>Bucket whose upper edge requests are counted against now; null for errors, and before it is chosen.</summary>
    public int? Edge { get; init; }

    /// <summary>Day (UTC) on which that edge was chosen.</summary>
    public DateOnly? EdgeChosen { get; init; }

    /// <summary>The block and batches under way, and the sums of the newest day.</summary>
    public required MeterState Meter { get; init; }
}
