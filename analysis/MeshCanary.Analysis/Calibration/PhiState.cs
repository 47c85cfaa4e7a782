using System.Collections.Immutable;

namespace MeshCanary.Analysis.Calibration;

/// <summary>State of a <see cref="PhiEstimator"/>. Plain finite numbers, so JSON brings it back bit for bit.</summary>
public sealed record PhiState
{
    /// <summary>Closed batches.</summary>
    public required PhiSums Sums { get; init; }

    /// <summary>Open batches, one a length of <see cref="PhiSums.BatchMinutes"/>.</summary>
    public required ImmutableArray<OpenBatch> Open { get; init; }

    /// <summary>End of the newest block (UTC); null before the first and after a break.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    internal bool IsValid =>
        Sums is { IsValid: true } && !Open.IsDefault && Open.Length == PhiSums.BatchMinutes.Length
        && Open.All(batch => batch.Blocks >= 0 && double.IsFinite(batch.Sum));
}
