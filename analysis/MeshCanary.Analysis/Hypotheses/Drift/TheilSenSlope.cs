using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Drift;

/// <summary>
/// The median of the slopes between all pairs of points of different times, which up to 29 % of wild points cannot move, with
/// Sen's interval: order statistics of the N slopes at (N ∓ z·σ)/2, σ² = [n(n−1)(2n+5) − Σ t(t−1)(2t+5) over ties in time and
/// value]/18 of Kendall's score. Theil 1950; Sen 1968, JASA 63:1379. Distribution-free for independent errors; the interval is
/// that of a normal approximation. Takes n² time and memory. Pure and thread-safe.
/// </summary>
public static class TheilSenSlope
{
    /// <summary>Most points it takes: 2 million slopes.</summary>
    public const int MostPoints = 2000;

    /// <summary>Estimates the slope per minute.</summary>
    /// <param name="minutes">Times, in minutes, in any order.</param>
    /// <param name="differences">The gauge's difference at these times, in its unit.</param>
    /// <param name="confidence">Of the interval, inside (0, 1).</param>
    /// <returns>Null when there are not two points of different times, more than <see cref="MostPoints"/>, lists of different length, or NaN or infinity.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is outside its range.</exception>
    public static EffectEstimate? Estimate(ReadOnlySpan<double> minutes, ReadOnlySpan<double> differences, double confidence = 0.95)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Give a confidence between 0 and 1, without the ends.");
        if (minutes.Length != differences.Length || minutes.Length > MostPoints)
            return null;
        var slopes = new List<double>(minutes.Length * (minutes.Length - 1) / 2);
        for (var i = 0; i < minutes.Length; i++)
        {
            if (!double.IsFinite(minutes[i]) || !double.IsFinite(differences[i]))
                return null;
            for (var j = 0; j < i; j++)
            {
                if (minutes[i] != minutes[j])
                    slopes.Add((differences[i] - differences[j]) / (minutes[i] - minutes[j]));
            }
        }

        if (slopes.Count == 0)
            return null;
        slopes.Sort();
        var count = slopes.Count;
        var median = (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
        double n = minutes.Length;
        var variance = ((n * (n - 1) * ((2 * n) + 5)) - TieTerm(minutes) - TieTerm(differences)) / 18;
        var z = NormalTail.UpperQuantile((1 - confidence) / 2);
        var offset = z * Math.Sqrt(Math.Max(0, variance));

        // Ranks from 0, rounded half to even.
        var low = (int)Math.Round((count - offset) / 2);
        var high = (int)Math.Round((count + offset) / 2);
        return new EffectEstimate(
            "slope per minute", median,
            low < 1 ? double.NegativeInfinity : slopes[low - 1],
            high >= count ? double.PositiveInfinity : slopes[high],
            confidence);
    }

    private static double TieTerm(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        double sum = 0, run = 1;
        for (var i = 1; i <= sorted.Length; i++)
        {
            if (i < sorted.Length && sorted[i] == sorted[i - 1])
            {
                run++;
                continue;
            }

            sum += run * (run - 1) * ((2 * run) + 5);
            run = 1;
        }

        return sum;
    }
}
