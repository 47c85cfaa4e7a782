namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Puts intervals together to blocks of about a minute. A block is full when less than half an interval is missing, so
/// that intervals of 9.9 s make a minute too; an interval longer than that is a block by itself. Short pauses are
/// bridged; a longer one drops the open block. Not thread-safe.
/// </summary>
internal sealed class BlockMeter
{
    private static readonly TimeSpan Block = TimeSpan.FromMinutes(1);

    private readonly PhiEstimator _phi;
    private DateTimeOffset? _start;
    private DateTimeOffset? _lastEnd;
    private HalfCounts _open;

    public BlockMeter() => _phi = new PhiEstimator();

    public BlockMeter(Action<int, double> onClosed) => _phi = new PhiEstimator(onClosed);

    /// <summary>Whether the next interval begins a block.</summary>
    public bool IsBetweenBlocks => _start is null;

    /// <summary>Sums of all closed batches.</summary>
    public PhiSums Sums => _phi.Sums;

    public PhiSums TakeSums() => _phi.TakeSums();

    /// <summary>
    /// Whether an interval comes after all that was taken: most of it lies after the newest end, so that clocks which are
    /// a little off lose nothing and a repeated interval is seen.
    /// </summary>
    public static bool Follows(DateTimeOffset? lastEnd, DateTimeOffset start, DateTimeOffset end) =>
        end > start && (lastEnd is null || start + ((end - start) / 2) >= lastEnd);

    /// <summary>End of the newest block in which both halves served requests.</summary>
    public DateTimeOffset? ComparedAt { get; private set; }

    /// <summary>Takes an interval; true when it closed a block.</summary>
    public bool Add(HalfCounts counts, DateTimeOffset start, DateTimeOffset end)
    {
        if (start - _lastEnd > PhiEstimator.MaximumGap)
            Drop();
        start = start < _lastEnd ? _lastEnd.Value : start;
        _lastEnd = end;
        _start ??= start;
        _open = _open.Plus(counts);
        if (end - _start + ((end - start) / 2) < Block)
            return false;
        var (block, from) = (_open, _start.Value);
        (_start, _open) = (null, default);
        if (_phi.Add(block, from, end) && block.IsComparable)
            ComparedAt = end;
        return true;
    }

    /// <summary>Drops the open block and the open batches: what follows is not a continuation.</summary>
    public void Drop()
    {
        (_start, _open) = (null, default);
        _phi.Break();
    }

    public MeterState Save() => new()
    {
        BlockStart = _start,
        LastEnd = _lastEnd,
        ComparedAt = ComparedAt,
        Open = _open,
        Phi = _phi.Save(),
    };

    public void Restore(MeterState state)
    {
        if (!state.Open.IsConsistent)
            throw new ArgumentException($"The open block of the saved state is no count: {state.Open}.", nameof(state));
        (_start, _lastEnd, ComparedAt, _open) = (state.BlockStart, state.LastEnd, state.ComparedAt, state.Open);
        _phi.Restore(state.Phi);
    }
}
