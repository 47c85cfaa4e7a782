using System.Collections.Immutable;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>
/// Sorts the reports of all proxies into one Canary's windows. A report belongs to the window that its end falls into,
/// as a whole, so both arms of a window come from the same reports. Not thread-safe.
/// </summary>
internal sealed class WindowAssembler
{
    // What waits for someone to look while no run needs it; whoever looks at every window is never so far behind.
    private const int MostUnheld = 30;

    private readonly SortedDictionary<long, WindowTally> _open = [];
    private readonly List<(ClosedWindow Window, WindowTally? Tally)> _closed = [];
    private long _next;

    /// <param name="plan">What to collect.</param>
    public WindowAssembler(CollectionPlan plan)
    {
        Plan = plan;
        _next = Math.Max(0, (plan.CountedThrough - plan.Anchor).Ticks / plan.Interval.Ticks);
    }

    /// <summary>What is collected.</summary>
    public CollectionPlan Plan { get; }

    /// <summary>End of the window that closes next.</summary>
    public DateTimeOffset NextEnd => EndOf(_next);

    /// <summary>Whether a window is begun and not closed.</summary>
    public bool HasOpen => _open.Count > 0;

    /// <summary>Windows that are closed and not settled, in order.</summary>
    public ImmutableArray<ClosedWindow> Closed => [.. _closed.Select(pair => pair.Window)];

    /// <summary>Adds a report. Returns false when it came late: its window was closed, and it counts in the next one.</summary>
    public bool Add(ReportTicket ticket, DateTimeOffset end, Wire.RouteCounts counts)
    {
        if (end <= Plan.Anchor || ticket.Sequence <= Plan.Folded.GetValueOrDefault(ticket.Instance))
            return true;
        var index = (end - Plan.Anchor - TimeSpan.FromTicks(1)).Ticks / Plan.Interval.Ticks;
        var late = index < _next;
        if (late)
            index = _next;
        if (!_open.TryGetValue(index, out var tally))
            _open[index] = tally = new WindowTally();
        tally.Add(ticket, counts, Plan.Held);
        return !late;
    }

    /// <summary>Closes the windows that are complete or have been waited for long enough. Returns whether any was.</summary>
    public bool Close(DateTimeOffset now, IReadOnlyCollection<ReportLedger> proxies, Func<DateTimeOffset, bool> mustWait)
    {
        var any = false;
        while (NextEnd <= now && !mustWait(NextEnd))
        {
            var (start, end) = (StartOf(_next), NextEnd);
            if (_open.Remove(_next, out var tally))
                _closed.Add((tally.Close(start, end), tally));
            else if (proxies.Any(proxy => proxy.Covers(start, end)))
                _closed.Add((new WindowTally().Close(start, end), null));
            else if (!KnowsOfLater(end, proxies))
                break;
            any = true;
            _next++;
        }

        if (!Plan.Held && _closed.Count > MostUnheld)
            _closed.RemoveRange(0, _closed.Count - MostUnheld);
        return any;
    }

    /// <summary>The windows up to an instant are stored.</summary>
    public void Settle(DateTimeOffset through)
    {
        var stored = _closed.TakeWhile(pair => pair.Window.End <= through).ToList();
        _closed.RemoveRange(0, stored.Count);
        foreach (var (_, tally) in stored)
            tally?.Release();
    }

    /// <summary>Nothing of this is wanted any more.</summary>
    public void Abandon()
    {
        foreach (var tally in _open.Values)
            tally.Release();
        foreach (var (_, tally) in _closed)
            tally?.Release();
        _open.Clear();
        _closed.Clear();
    }

    // A window that nobody reported on is absent: it is passed over as soon as a later one is known.
    private bool KnowsOfLater(DateTimeOffset end, IReadOnlyCollection<ReportLedger> proxies) =>
        _open.Count > 0 || proxies.Any(proxy => proxy.ReportedThrough > end);

    private DateTimeOffset StartOf(long index) => Plan.Anchor + (Plan.Interval * index);

    private DateTimeOffset EndOf(long index) => Plan.Anchor + (Plan.Interval * (index + 1));
}
