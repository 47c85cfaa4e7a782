namespace MeshCanary.Analysis.Numerics;

/// <summary>Ranges of parameters; a violation is an error of the calling code.</summary>
internal static class Require
{
    public static void Positive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
    }

    public static void Probability(double value, string name)
    {
        if (value is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, "A probability must be in [0, 1].");
    }

    public static void Confidence(double value, string name)
    {
        if (value is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(name, value, "A confidence level must be inside (0, 1).");
    }

    public static void Counts(long events, long requests, string name)
    {
        if (requests < 0 || events < 0 || events > requests)
            throw new ArgumentOutOfRangeException(name, events, $"Events must be between 0 and the {requests} requests, which must not be negative.");
    }
}
