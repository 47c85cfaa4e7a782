namespace MeshCanary.Splitting.Weights;

/// <summary>A share of traffic in basis points: 0 (none) to 10000 (all). Immutable.</summary>
public readonly record struct BasisPoints
{
    /// <summary>All traffic.</summary>
    public const int Whole = 10_000;

    /// <summary>Takes a share of 0…10000.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is outside 0…10000.</exception>
    public BasisPoints(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Whole);
        Value = value;
    }

    /// <summary>0…10000.</summary>
    public int Value { get; }

    /// <summary>The share in percent, such as <c>12.5%</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Value / 100m:0.##}%");
}
