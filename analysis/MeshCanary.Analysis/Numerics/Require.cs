using System.Runtime.CompilerServices;

namespace MeshCanary.Analysis.Numerics;

/// <summary>Ranges of parameters, refused with a message that says what is allowed; a violation is an error of the calling code.</summary>
internal static class Require
{
    /// <summary>A finite number above 0.</summary>
    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite number above 0.");
    }

    /// <summary>A finite number that is not negative.</summary>
    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite number of at least 0.");
    }

    /// <summary>A number in [0, 1].</summary>
    public static void Probability(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, "Give a probability from 0 to 1.");
    }

    /// <summary>A number inside (0, 1): a confidence, a level, a share.</summary>
    public static void Confidence(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(name, value, "Give a number between 0 and 1, without the ends.");
    }

    /// <summary>A factor φ that divides evidence: finite and at least 1.</summary>
    public static void Overdispersion(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 1 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite overdispersion of at least 1.");
    }

    /// <summary>Events among requests.</summary>
    public static void Counts(long events, long requests, string name)
    {
        if (requests < 0 || events < 0 || events > requests)
            throw new ArgumentOutOfRangeException(name, events, $"Events must be between 0 and the {requests} requests, which must not be negative.");
    }
}
