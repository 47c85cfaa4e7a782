namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Doubles as integers in the same order, so that any range of them can be halved, whatever its scale.</summary>
internal static class DoubleOrder
{
    /// <summary>
    /// The double that has as many doubles above it up to <paramref name="high"/> as below it down to <paramref name="low"/>,
    /// at least low and below high. Neither is NaN; low &lt; high.
    /// </summary>
    public static double Midpoint(double low, double high)
    {
        var (from, to) = (KeyOf(low), KeyOf(high));

        // The mean rounded down, without the sum that would overflow.
        var middle = ValueOf((from & to) + ((from ^ to) >> 1));

        // Between a negative number and 0 that may be −0, which is 0.
        return middle < high ? middle : low;
    }

    private static long KeyOf(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits >= 0 ? bits : long.MinValue - bits - 1;
    }

    private static double ValueOf(long key) => BitConverter.Int64BitsToDouble(key >= 0 ? key : long.MinValue - key - 1);
}
