using System.Buffers;
using System.Globalization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// Both arms copied and sorted upwards, or the reason why ranks cannot be taken. The copies are borrowed: dispose once,
/// and use nothing of it afterwards.
/// </summary>
internal readonly ref struct SortedArms
{
    private readonly double[] _canary;
    private readonly double[] _stable;

    public SortedArms(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        (_canary, var missingCanary) = Copy(canary);
        (_stable, var missingStable) = Copy(stable);
        Problem = ProblemOf(canary.Length, missingCanary, stable.Length, missingStable);
        if (Problem is not null)
            return;
        RadixSort.Sort(_canary.AsSpan(0, canary.Length));
        RadixSort.Sort(_stable.AsSpan(0, stable.Length));
        Canary = _canary.AsSpan(0, canary.Length);
        Stable = _stable.AsSpan(0, stable.Length);
    }

    /// <summary>Values of the canary, upwards; nothing when there is a problem.</summary>
    public ReadOnlySpan<double> Canary { get; }

    /// <summary>Values of stable, upwards; nothing when there is a problem.</summary>
    public ReadOnlySpan<double> Stable { get; }

    /// <summary>Why there are no ranks: an empty arm, or values that are no numbers.</summary>
    public string? Problem { get; }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_canary);
        ArrayPool<double>.Shared.Return(_stable);
    }

    private static (double[] Values, int Missing) Copy(ReadOnlySpan<double> values)
    {
        var copy = ArrayPool<double>.Shared.Rent(values.Length);
        var missing = 0;
        for (var i = 0; i < values.Length; i++)
        {
            // −0 + 0 is 0: one zero only, so that no difference is shown as −0.
            copy[i] = values[i] + 0.0;
            missing += double.IsNaN(values[i]) ? 1 : 0;
        }

        return (copy, missing);
    }

    private static string? ProblemOf(int canary, int missingCanary, int stable, int missingStable) => (canary, stable) switch
    {
        (0, 0) => "Neither arm has a value.",
        (0, _) => "The canary has no value.",
        (_, 0) => "Stable has no value.",
        _ when missingCanary + (long)missingStable > 0 => string.Create(
            CultureInfo.InvariantCulture, $"NaN has no rank: {missingCanary} of the canary's {canary} values and {missingStable} of stable's {stable} are NaN."),
        _ => null,
    };
}
