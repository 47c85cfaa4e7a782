using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Reporting;

/// <summary>
/// Reports that the controller has not receipted yet. When it is full no new one is taken: the counters hold the counts,
/// and the next report covers the longer interval, so a controller that is away for hours costs detail but no count.
/// </summary>
internal sealed class ReportQueue(IntervalReader reader)
{
    public const int Capacity = 120;

    private readonly Lock _gate = new();
    private readonly LinkedList<IntervalReport> _pending = [];
    private TaskCompletionSource? _whenEmpty;
    private ulong _lastSequence;

    public int Pending
    {
        get
        {
            lock (_gate)
                return _pending.Count;
        }
    }

    /// <summary>Ends the interval, unless the queue is full.</summary>
    public bool TryTake(bool evenWhenFull = false)
    {
        lock (_gate)
        {
            if (_pending.Count >= Capacity && !evenWhenFull)
                return false;
            var report = reader.Take();
            report.Sequence = ++_lastSequence;
            _pending.AddLast(report);
            return true;
        }
    }

    /// <summary>The first pending report after a sequence, or null.</summary>
    public IntervalReport? After(ulong sequence)
    {
        lock (_gate)
            return _pending.FirstOrDefault(report => report.Sequence > sequence);
    }

    /// <summary>Drops what the controller has stored.</summary>
    public void Receipt(ulong sequence)
    {
        lock (_gate)
        {
            while (_pending.First is { } first && first.Value.Sequence <= sequence)
                _pending.RemoveFirst();
            if (_pending.Count == 0)
                _whenEmpty?.TrySetResult();
        }
    }

    /// <summary>Completes when every report is receipted.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            _whenEmpty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_pending.Count == 0)
                _whenEmpty.SetResult();
            return _whenEmpty.Task;
        }
    }
}
