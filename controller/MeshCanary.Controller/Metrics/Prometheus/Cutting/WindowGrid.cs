namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>Windows of one length, one after the other.</summary>
/// <param name="Start">Start of the first.</param>
/// <param name="Interval">Length of each.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WindowGrid(DateTimeOffset Start, TimeSpan Interval, int Count)
{
    /// <summary>End of the last.</summary>
    public DateTimeOffset End => StartOf(Count);

    /// <summary>Start of a window, which is the end of the one before.</summary>
    public DateTimeOffset StartOf(int window) => Start + (Interval * window);

    /// <summary>The window that an instant in milliseconds since 1970 is in: after its start, and up to its end. Null outside.</summary>
    public int? IndexOf(long at)
    {
        var since = DateTimeOffset.FromUnixTimeMilliseconds(at) - Start;
        if (since <= TimeSpan.Zero)
            return null;
        var index = (since.Ticks - 1) / Interval.Ticks;
        return index < Count ? (int)index : null;
    }
}
