using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// The score of a difference of shares d: z = (p_c − p_b − d) / √(q_c(1−q_c)/n_c + q_b(1−q_b)/n_b), where q_c and q_b = q_c − d are
/// the most likely shares that differ by just d (Farrington and Manning 1990; Miettinen and Nurminen 1985). They are the root
/// of the derivative of the log likelihood, which falls in q_b: the same number as the papers' cubic by its cosine formula,
/// without that formula's cancellation for rare events.
/// </summary>
/// <param name="CanaryShare">q_c.</param>
/// <param name="StableShare">q_b = q_c − d.</param>
/// <param name="StandardError">The denominator of z.</param>
/// <param name="Z">The Farrington-Manning score; 0 when the shares are what d says and the error is zero (no events or only events, d = 0).</param>
/// <param name="UnbiasedZ">The Miettinen-Nurminen score, z √((N − 1)/N) with N = n_c + n_b.</param>
public readonly record struct DifferenceScore(double CanaryShare, double StableShare, double StandardError, double Z, double UnbiasedZ)
{
    /// <summary>The score at a difference; null when an arm has no requests or the counts are no counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The difference is not inside (−1, 1).</exception>
    public static DifferenceScore? Of(TwoProportions data, double difference)
    {
        RequireDifference(difference, nameof(difference));
        return TableCheck.Problem(data) is null ? At(data, difference) : null;
    }

    /// <summary>
    /// Confidence interval: all d with |z| not above the normal quantile, by the Miettinen-Nurminen score (1985) or, without the
    /// factor, that of Mee (1984); null when an arm has no requests or the counts are no counts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static ShareInterval? Interval(TwoProportions data, double confidence, bool unbiased = true)
    {
        var z = NormalTail.TwoSidedQuantile(confidence);
        if (TableCheck.Problem(data) is not null)
            return null;
        var estimate = NewcombeInterval.Difference(data);
        double Score(double difference)
        {
            var score = At(data, difference);
            return unbiased ? score.UnbiasedZ : score.Z;
        }

        return new ShareInterval(
            estimate == -1 ? -1 : MonotoneRoot.Find(difference => Score(difference) - z, -1, estimate),
            estimate == 1 ? 1 : MonotoneRoot.Find(difference => Score(difference) + z, estimate, 1));
    }

    internal static void RequireDifference(double difference, string name)
    {
        if (difference is not (> -1 and < 1))
            throw new ArgumentOutOfRangeException(name, difference, "A difference of shares must be inside (-1, 1), as a fraction: 0.005 is half a percentage point.");
    }

    private static DifferenceScore At(TwoProportions data, double d)
    {
        double n = data.CanaryRequests, m = data.StableRequests;

        // Both shares move along one line: from (max(d, 0), max(−d, 0)) up by at most 1 − |d|.
        var (up, down) = (Math.Max(d, 0), Math.Max(-d, 0));
        var room = 1 - Math.Abs(d);
        var rise = Rise(data, up, down, room);
        var (c, b) = (up + rise, down + rise);
        var left = room - rise;
        var error = Math.Sqrt((c * (left + down) / n) + (b * (left + up) / m));
        var away = NewcombeInterval.Difference(data) - d;
        var z = away == 0 ? 0 : away / error;
        return new DifferenceScore(c, b, error, z, z * Math.Sqrt((n + m - 1) / (n + m)));
    }

    private static double Rise(TwoProportions data, double up, double down, double room)
    {
        double x = data.CanaryEvents, y = data.StableEvents, rest = data.CanaryRequests - data.CanaryEvents, calm = data.StableRequests - data.StableEvents;
        double Slope(double rise) =>
            Part(x, up + rise) - Part(rest, room - rise + down) + Part(y, down + rise) - Part(calm, room - rise + up);
        return !(Slope(0) > 0) ? 0 : !(Slope(room) < 0) ? room : MonotoneRoot.Find(Slope, 0, room);

        static double Part(double count, double share) => count == 0 ? 0 : count / share;
    }
}
