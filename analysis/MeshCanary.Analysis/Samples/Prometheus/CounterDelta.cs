namespace MeshCanary.Analysis.Samples.Prometheus;

/// <summary>Increase of a counter between two readings of the same process.</summary>
public static class CounterDelta
{
    /// <summary>
    /// <paramref name="after"/> − <paramref name="before"/>; a counter that fell was reset to zero in between, and then what
    /// it shows now is all that is known to have come since. Null when a reading is missing (NaN, as stale markers are), negative or infinite:
    /// the window then is absent, not zero.
    /// </summary>
    public static double? Of(double before, double after)
    {
        if (!IsReading(before) || !IsReading(after))
            return null;
        return after >= before ? after - before : after;
    }

    internal static bool IsReading(double value) => value >= 0 && double.IsFinite(value);
}
