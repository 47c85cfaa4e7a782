using System.Runtime.CompilerServices;

namespace MeshCanary.Analysis.Sequential;

/// <summary>Ranges of options, refused with a message that says what is allowed.</summary>
internal static class Require
{
    /// <summary>A finite number above 0.</summary>
    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value > 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite number above 0.");
    }

    /// <summary>A finite number that is not negative.</summary>
    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite number of at least 0.");
    }

    /// <summary>A number inside (0, 1).</summary>
    public static void Share(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value is > 0 and < 1))
            throw new ArgumentOutOfRangeException(name, value, "Give a number between 0 and 1, without the ends.");
    }

    /// <summary>A factor φ that divides evidence: finite and at least 1.</summary>
    public static void Overdispersion(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 1) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite overdispersion of at least 1.");
    }
}
