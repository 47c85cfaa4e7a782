namespace MeshCanary.Analysis.Display;

/// <summary>An estimate with the ends of its confidence sequence, in the units of the data.</summary>
/// <param name="Estimate">The estimate; NaN without data.</param>
/// <param name="Low">Lower end; negative infinity while nothing bounds it.</param>
/// <param name="High">Upper end; positive infinity while nothing bounds it.</param>
public readonly record struct SequenceInterval(double Estimate, double Low, double High)
{
    /// <summary>Nothing is known.</summary>
    public static SequenceInterval Unknown { get; } = new(double.NaN, double.NegativeInfinity, double.PositiveInfinity);
}
