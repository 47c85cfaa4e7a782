namespace MeshCanary.Analysis.Sequential.Betting;

/// <summary>The ends that bounded values keep to, known before they are seen.</summary>
public readonly record struct ValueRange
{
    /// <summary>Names the ends.</summary>
    /// <param name="low">Least possible value, finite.</param>
    /// <param name="high">Greatest possible value, finite and above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ends are not finite, not apart, or too far apart for a double.</exception>
    public ValueRange(double low, double high)
    {
        if (!(high - low > 0) || !double.IsFinite(high - low))
            throw new ArgumentOutOfRangeException(nameof(high), high, $"Give a finite upper end above the lower end {low}.");
        (Low, High) = (low, high);
    }

    /// <summary>Least possible value.</summary>
    public double Low { get; }

    /// <summary>Greatest possible value.</summary>
    public double High { get; }

    /// <summary>From 0 to 1.</summary>
    public static ValueRange Unit { get; } = new(0, 1);

    /// <summary>Whether a value keeps to the ends; NaN does not.</summary>
    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>The value with Low as 0 and High as 1.</summary>
    internal double Scale(double value) => (value - Low) / (High - Low);

    /// <summary>Back from a scaled value.</summary>
    internal double Unscale(double scaled) => Low + (scaled * (High - Low));
}
