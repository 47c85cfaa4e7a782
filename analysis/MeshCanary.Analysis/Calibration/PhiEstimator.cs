namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Gathers blocks of about one minute of one metric into the batch means that φ is read from. Batches of 1, 5, 15 and
/// 30 minutes run side by side and do not overlap; each is closed when its time is full, and a gap in time drops those
/// that are open. A block without a z (<see cref="HalfCounts.Z"/>) passes time and adds nothing. Not thread-safe.
/// Batch means: Schmeiser 1982, Operations Research 30(3):556.
/// </summary>
public sealed class PhiEstimator
{
    /// <summary>A longer pause between two blocks than this breaks every open batch.</summary>
    public static readonly TimeSpan MaximumGap = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan HalfBlock = TimeSpan.FromSeconds(30);

    private readonly BatchSums[] _closed = [.. PhiSums.Empty.Lengths];
    private readonly OpenBatch[] _open = new OpenBatch[PhiSums.BatchMinutes.Length];
    private readonly Action<int, double>? _onClosed;
    private long _compared;
    private double _requests;
    private DateTimeOffset? _lastEnd;

    /// <summary>Starts with nothing.</summary>
    public PhiEstimator()
    {
    }

    /// <param name="onClosed">Told of every closed batch: its place in <see cref="PhiSums.BatchMinutes"/> and (Σz)²/blocks.</param>
    internal PhiEstimator(Action<int, double> onClosed) => _onClosed = onClosed;

    /// <summary>Sums of all closed batches.</summary>
    public PhiSums Sums => new() { Lengths = [.. _closed], ComparedBlocks = _compared, Requests = _requests };

    /// <summary>
    /// Takes a block. False, and nothing is changed, when it is no block: it does not end after it starts, starts before the
    /// newest block ended, or its counts contradict themselves.
    /// </summary>
    /// <param name="counts">Both halves.</param>
    /// <param name="start">Start of the block (UTC).</param>
    /// <param name="end">End of the block (UTC).</param>
    public bool Add(HalfCounts counts, DateTimeOffset start, DateTimeOffset end)
    {
        if (end <= start || !counts.IsConsistent || start < _lastEnd)
            return false;
        if (start - _lastEnd > MaximumGap)
            Break();
        _lastEnd = end;
        if (counts.IsComparable)
        {
            _compared++;
            _requests += counts.Size / (end - start).TotalMinutes;
        }

        for (var i = 0; i < _open.Length; i++)
            Extend(i, counts.Z, start, end);
        return true;
    }

    /// <summary>Drops what is open: the next block does not continue the one before.</summary>
    public void Break()
    {
        Array.Clear(_open);
        _lastEnd = null;
    }

    /// <summary>Gives the sums and starts new ones; open batches go on and are counted when they close.</summary>
    internal PhiSums TakeSums()
    {
        var taken = Sums;
        PhiSums.Empty.Lengths.CopyTo(_closed);
        (_compared, _requests) = (0, 0);
        return taken;
    }

    /// <summary>The state to be kept.</summary>
    public PhiState Save() => new() { Sums = Sums, Open = [.. _open], LastEnd = _lastEnd };

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds other batch lengths or impossible numbers.</exception>
    public void Restore(PhiState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsValid)
            throw new ArgumentException($"The saved sums are not those of batches of {string.Join(", ", PhiSums.BatchMinutes)} minutes with finite, non-negative numbers.", nameof(state));
        state.Sums.Lengths.CopyTo(_closed);
        state.Open.CopyTo(_open);
        (_compared, _requests, _lastEnd) = (state.Sums.ComparedBlocks, state.Sums.Requests, state.LastEnd);
    }

    private void Extend(int place, double? z, DateTimeOffset start, DateTimeOffset end)
    {
        var open = _open[place];
        open = new OpenBatch(open.Start ?? start, open.Blocks + (z is null ? 0 : 1), open.Sum + (z ?? 0));
        // Blocks are not exactly a minute long: the batch is full when less than half a block is missing.
        if (end - open.Start + HalfBlock < TimeSpan.FromMinutes(PhiSums.BatchMinutes[place]))
        {
            _open[place] = open;
            return;
        }

        _open[place] = default;
        if (open.Blocks == 0)
            return;
        var square = open.Sum * open.Sum;
        _closed[place] = _closed[place].Plus(new BatchSums(0, 1, open.Blocks, square));
        _onClosed?.Invoke(place, square / open.Blocks);
    }
}
