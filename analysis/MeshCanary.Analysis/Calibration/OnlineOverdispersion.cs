namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// φ of one metric learned during the run itself, for a service without history. It starts at 4, worth 8 blocks, and is
/// updated with blocks of stable against stable (its halves, or baseline against stable):
/// φ = max(1, (4·8 + Σz²)/(8 + blocks), φ_B of every longer batch length with at least 8 batches). Predictable: between two
/// intervals <see cref="Value"/> rests on closed blocks only, so the interval that is then judged with it is not in
/// it. It cannot see noise slower than the run: with strongly autocorrelated noise most of the excess stays unseen, and a
/// run without margins is not to be decided on it. Not thread-safe.
/// </summary>
public sealed class OnlineOverdispersion
{
    private readonly BlockMeter _meter = new();
    private DateTimeOffset? _lastEnd;

    /// <summary>φ ≥ 1 for the next interval.</summary>
    public double Value { get; private set; } = PhiEstimate.PriorOverdispersion;

    /// <summary>Informative blocks so far.</summary>
    public long Blocks => _meter.Sums.InformativeBlocks;

    /// <summary>
    /// Takes an interval of stable against stable, after it was judged. False, and nothing is changed, when it ends
    /// before it starts, was taken before, or its counts contradict themselves.
    /// </summary>
    /// <param name="counts">Both sides.</param>
    /// <param name="start">Start of the interval (UTC).</param>
    /// <param name="end">End of the interval (UTC).</param>
    public bool Add(HalfCounts counts, DateTimeOffset start, DateTimeOffset end)
    {
        if (!counts.IsConsistent || !BlockMeter.Follows(_lastEnd, start, end))
            return false;
        _lastEnd = end;
        if (_meter.Add(counts, start, end))
            Value = Read(_meter.Sums);
        return true;
    }

    /// <summary>The state to be kept with the run; plain finite numbers.</summary>
    public MeterState Save() => _meter.Save();

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds impossible numbers.</exception>
    public static OnlineOverdispersion Restore(MeterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var online = new OnlineOverdispersion { _lastEnd = state.LastEnd };
        online._meter.Restore(state);
        online.Value = Read(online._meter.Sums);
        return online;
    }

    private static double Read(PhiSums sums)
    {
        var value = Math.Max(1, PhiEstimate.Blend(sums.Lengths[0]));
        foreach (var length in sums.Lengths.AsSpan()[1..])
        {
            // A length takes part when it has as many batches as the prior is worth blocks.
            if (length.Batches >= PhiEstimate.PriorBlocks && length.Mean is { } mean)
                value = Math.Max(value, mean);
        }

        return value;
    }
}
