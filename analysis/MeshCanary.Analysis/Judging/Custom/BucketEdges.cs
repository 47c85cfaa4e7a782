using System.Collections.Immutable;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>
/// The edges at which one percentile of a foreign distribution is compared, each a place in the list of its boundaries; chosen as
/// those of latency are: shifted edges are moved so that neither test becomes easier than asked.
/// </summary>
/// <param name="Edge">τ: stable's observations beyond it are bad.</param>
/// <param name="Tolerated">The first boundary at or above g·τ; the number of boundaries, beyond which nothing is, when there is none.</param>
/// <param name="Harm">The last boundary at or below g′·τ; τ itself when there is none between.</param>
/// <param name="HarmMargin">The margin of PASS: none, or what is missing to the percentile's share where stable jumps across τ.</param>
internal readonly record struct BucketEdges(int Edge, int Tolerated, int Harm, Margin HarmMargin)
{
    // Boundaries that differ by less are one.
    private const double Same = 1e-9;

    /// <summary>Places them; null when nothing was observed, or no boundary is above 0.</summary>
    /// <param name="boundaries">Upper boundaries, rising.</param>
    /// <param name="cumulative">Stable's observations at or below each, and all of them.</param>
    /// <param name="percentile">Inside (0, 100).</param>
    /// <param name="metric">What is tolerated, and what is harm.</param>
    public static BucketEdges? Of(ImmutableArray<double> boundaries, ImmutableArray<long> cumulative, double percentile, CustomMetric metric)
    {
        var first = First(boundaries, boundary => boundary > 0);
        if (cumulative is not [.., > 0 and var total] || first == boundaries.Length)
            return null;
        var wanted = percentile / 100 * total;
        var edge = Math.Clamp(First(cumulative, count => count >= wanted), first, boundaries.Length - 1);
        var slower = 1 - (percentile / 100);
        if (edge > first && Distance(cumulative, edge - 1, slower) < Distance(cumulative, edge, slower))
            edge--;
        while (edge > first && Up(boundaries, edge, metric.ToleranceFactor) == boundaries.Length)
            edge--;
        var most = boundaries[edge] * metric.HarmFactor * (1 + Same);
        var beyond = Beyond(cumulative, edge);
        return new BucketEdges(
            edge,
            Up(boundaries, edge, metric.ToleranceFactor),
            First(boundaries, boundary => boundary > most) - 1,
            beyond < slower / 2 ? new Margin(slower - beyond, 0) : Margin.None);
    }

    /// <summary>Observations beyond a place.</summary>
    public static long CountBeyond(ImmutableArray<long> cumulative, int place) => cumulative[^1] - cumulative[Math.Min(place, cumulative.Length - 1)];

    private static int Up(ImmutableArray<double> boundaries, int edge, double factor)
    {
        var least = boundaries[edge] * factor * (1 - Same);
        return Math.Max(edge, First(boundaries, boundary => boundary >= least));
    }

    private static double Distance(ImmutableArray<long> cumulative, int place, double wanted)
    {
        var beyond = Beyond(cumulative, place);
        return beyond is 0 or 1 ? double.PositiveInfinity : Math.Abs(LogOdds(beyond) - LogOdds(wanted));
    }

    private static double Beyond(ImmutableArray<long> cumulative, int place) => (double)CountBeyond(cumulative, place) / cumulative[^1];

    private static double LogOdds(double share) => Math.Log(share / (1 - share));

    /// <summary>The first place that fits; the length when none does.</summary>
    private static int First<T>(ImmutableArray<T> values, Func<T, bool> fits)
    {
        var place = 0;
        while (place < values.Length && !fits(values[place]))
            place++;
        return place;
    }
}
