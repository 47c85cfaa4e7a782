namespace MeshCanary.Controller.Metrics;

/// <summary>What is known of one proxy instance's reports. Not thread-safe.</summary>
internal sealed class ReportLedger(string instance)
{
    // Reports follow each other without a gap; a jump beyond this is one.
    private static readonly TimeSpan GapTolerance = TimeSpan.FromMilliseconds(50);

    private readonly Queue<ReportTicket> _open = [];
    private Action<long>? _receipt;

    /// <summary>The instance.</summary>
    public string Instance { get; } = instance;

    /// <summary>The proxy's name.</summary>
    public string Proxy { get; private set; } = "";

    /// <summary>Whether its stream is open.</summary>
    public bool Connected => _receipt is not null;

    /// <summary>Since when it is connected, or is not.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When the last report arrived; null before the first.</summary>
    public DateTimeOffset? LastArrival { get; private set; }

    /// <summary>Number of the last report that arrived.</summary>
    public long LastReceived { get; private set; }

    /// <summary>Reports up to this one are stored.</summary>
    public long Receipted { get; private set; }

    /// <summary>Everything from here to <see cref="ReportedThrough"/> was reported.</summary>
    public DateTimeOffset CoveredFrom { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>End of the last report.</summary>
    public DateTimeOffset ReportedThrough { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Whether counts of it are not stored yet.</summary>
    public bool HasOpen => _open.Count > 0;

    /// <summary>The stream opened.</summary>
    public void Open(string proxy, Action<long> receipt, DateTimeOffset now)
    {
        (Proxy, _receipt, Since) = (proxy, receipt, now);
    }

    /// <summary>The stream ended.</summary>
    public void Close(DateTimeOffset now) => (_receipt, Since) = (null, now);

    /// <summary>A report that was not there before. Returns the end it counts under: never before the one of the report before it, never in the future.</summary>
    public (ReportTicket Ticket, DateTimeOffset End) Enter(long sequence, DateTimeOffset start, DateTimeOffset end, DateTimeOffset now)
    {
        // A proxy whose clock runs ahead must not hold a window open, and one whose clock is set back must not
        // reach into a window that its earlier reports have left.
        var counted = end < now ? end : now;
        if (counted < ReportedThrough)
            counted = ReportedThrough;
        var begun = counted - (end - start);
        if (CoveredFrom == DateTimeOffset.MaxValue || begun > ReportedThrough + GapTolerance)
            CoveredFrom = begun;
        (LastReceived, ReportedThrough, LastArrival) = (sequence, counted, now);
        var ticket = new ReportTicket(this, sequence);
        _open.Enqueue(ticket);
        return (ticket, counted);
    }

    /// <summary>Sends the receipt again, for a proxy that did not get it.</summary>
    public void Repeat()
    {
        if (Receipted > 0)
            _receipt?.Invoke(Receipted);
    }

    /// <summary>Sends the receipt for the row of stored reports at the head.</summary>
    public void Advance()
    {
        var before = Receipted;
        while (_open.TryPeek(out var ticket) && ticket.Settled)
            Receipted = _open.Dequeue().Sequence;
        if (Receipted != before)
            _receipt?.Invoke(Receipted);
    }

    /// <summary>Whether a window that ends then must wait for this instance.</summary>
    public bool Blocks(DateTimeOffset end, DateTimeOffset now, TimeSpan grace)
    {
        if (ReportedThrough >= end)
            return false;
        // A proxy that has just connected may have much to catch up on; one that has just gone may be back at once.
        var from = Connected && end > Since ? end : Since;
        return now < from + grace;
    }

    /// <summary>Whether its reports cover the whole of a window.</summary>
    public bool Covers(DateTimeOffset start, DateTimeOffset end) => CoveredFrom <= start && ReportedThrough >= end;
}
