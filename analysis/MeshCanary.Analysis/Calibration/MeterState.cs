namespace MeshCanary.Analysis.Calibration;

/// <summary>State of one metric on its way from intervals to blocks to batches.</summary>
public sealed record MeterState
{
    /// <summary>Start of the open block (UTC); null when none is open.</summary>
    public DateTimeOffset? BlockStart { get; init; }

    /// <summary>End of the newest interval (UTC); null before the first.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>End of the newest block in which both halves served requests (UTC).</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Counts of the open block.</summary>
    public HalfCounts Open { get; init; }

    /// <summary>The batches.</summary>
    public required PhiState Phi { get; init; }
}
