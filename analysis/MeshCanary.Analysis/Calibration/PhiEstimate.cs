namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// φ of one metric read from sums. Measured: φ_B = Σ(Σz)²/blocks for batches of B minutes. Used: the largest of
/// 1 and c_k·φ_B over the lengths B with at least 12 batches; see <see cref="From"/>. Immutable.
/// </summary>
public sealed record PhiEstimate
{
    /// <summary>φ to use when nothing is known.</summary>
    public const double PriorOverdispersion = 4;

    /// <summary>Blocks that <see cref="PriorOverdispersion"/> is worth.</summary>
    public const int PriorBlocks = 8;

    /// <summary>Confidence of <see cref="UpperBound"/>, one-sided.</summary>
    public const double Confidence = 0.95;

    /// <summary>φ ≥ 1 to divide ln e by.</summary>
    public required double Value { get; init; }

    /// <summary>max(1, max φ_B) without any correction: what was measured.</summary>
    public required double Uncorrected { get; init; }

    /// <summary>Upper confidence bound of φ: max(1, max φ_B·k/χ²_k(0.05)); null with fewer than 12 informative blocks.</summary>
    public required double? UpperBound { get; init; }

    /// <summary>Blocks with a z.</summary>
    public required long Blocks { get; init; }

    /// <summary>Length in minutes of the batches that <see cref="Value"/> comes from.</summary>
    public required int BatchMinutes { get; init; }

    /// <summary>Longest batch length with at least 12 batches: slower noise has not been seen. 0 when there is none.</summary>
    public required int LongestBatchMinutes { get; init; }

    /// <summary>
    /// max(1, φ_B) of <see cref="LongestBatchMinutes"/> over max(1, φ_1): about 1 when minutes are independent, more when bad minutes follow
    /// each other. 1 when not known.
    /// </summary>
    public required double Persistence { get; init; }

    /// <summary>Mean requests a half and minute (<see cref="HalfCounts.Size"/>); 0 without a compared block.</summary>
    public required double BlockRequests { get; init; }

    /// <summary>
    /// Reads φ. With fewer informative blocks than <paramref name="minimumBlocks"/> the prior takes part:
    /// (4·8 + Σz²)/(8 + blocks) stands in for the one-minute length, so that nothing measured means 4 and never 1.
    /// </summary>
    /// <param name="sums">What was measured.</param>
    /// <param name="minimumBlocks">Informative blocks from which on the prior is left out; at least 12.</param>
    /// <param name="alpha">The false alarm rate that tempered evidence is to keep, in (0, 0.5].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static PhiEstimate From(PhiSums sums, int minimumBlocks = 60, double alpha = 0.01)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumBlocks, SmallSample.EnoughBatches);
        if (!(alpha is > 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A false alarm rate is above 0 and at most 0.5.");
        var minutes = sums.Lengths[0];
        var (value, measured, upper, chosen, longest, persistence) = (1.0, minutes.Mean ?? 1, 0.0, 1, 0, 1.0);
        if (minutes.Blocks < minimumBlocks)
            value = Math.Max(1, Blend(minutes));
        foreach (var length in sums.Lengths)
        {
            if (length.Batches < SmallSample.EnoughBatches || length.Mean is not { } mean)
                continue;
            (longest, persistence) = (length.Minutes, Math.Max(1, mean) / Math.Max(1, minutes.Mean ?? 1));
            measured = Math.Max(measured, mean);
            upper = Math.Max(upper, mean * SmallSample.UpperFactor(length.Batches, Confidence));
            var corrected = mean * SmallSample.Factor(length.Batches, alpha);
            if (corrected > value && (length.Minutes > 1 || minutes.Blocks >= minimumBlocks))
                (value, chosen) = (corrected, length.Minutes);
        }

        return new PhiEstimate
        {
            Value = value,
            Uncorrected = Math.Max(1, measured),
            UpperBound = longest > 0 ? Math.Max(1, upper) : null,
            Blocks = minutes.Blocks,
            BatchMinutes = chosen,
            LongestBatchMinutes = longest,
            Persistence = persistence,
            BlockRequests = sums.ComparedBlocks > 0 ? sums.Requests / sums.ComparedBlocks : 0,
        };
    }

    /// <summary>The one-minute φ with the prior in it.</summary>
    internal static double Blend(BatchSums minutes) =>
        ((PriorOverdispersion * PriorBlocks) + minutes.Squares) / (PriorBlocks + minutes.Blocks);
}
