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
        _canary = Sorted(canary);
        _stable = Sorted(stable);
        Canary = _canary.AsSpan(0, canary.Length);
        Stable = _stable.AsSpan(0, stable.Length);
        Problem = ProblemOf(Canary, Stable);
    }

    /// <summary>Values of the canary, upwards.</summary>
    public ReadOnlySpan<double> Canary { get; }

    /// <summary>Values of stable, upwards.</summary>
    public ReadOnlySpan<double> Stable { get; }

    /// <summary>Why there are no ranks: an empty arm, or values that are no numbers.</summary>
    public string? Problem { get; }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_canary);
        ArrayPool<double>.Shared.Return(_stable);
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var copy = ArrayPool<double>.Shared.Rent(values.Length);

        // −0 + 0 is 0: one zero only, so that no difference is shown as −0.
        for (var i = 0; i < values.Length; i++)
            copy[i] = values[i] + 0.0;
        copy.AsSpan(0, values.Length).Sort();
        return copy;
    }

    private static string? ProblemOf(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        if (canary.IsEmpty || stable.IsEmpty)
            return (canary.IsEmpty, stable.IsEmpty) switch
            {
                (true, true) => "Neither arm has a value.",
                (true, false) => "The canary has no value.",
                _ => "Stable has no value.",
            };
        var (badCanary, badStable) = (Missing(canary), Missing(stable));
        return badCanary + badStable == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"NaN has no rank: {badCanary} of the canary's {canary.Length} values and {badStable} of stable's {stable.Length} are NaN.");
    }

    // Sorting puts NaN before every number.
    private static int Missing(ReadOnlySpan<double> sorted)
    {
        var count = 0;
        while (count < sorted.Length && double.IsNaN(sorted[count]))
            count++;
        return count;
    }
}
