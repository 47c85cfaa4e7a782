using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Judging.Endpoints;
using MeshCanary.Analysis.Judging.Streams;

namespace MeshCanary.Analysis.Judging;

/// <summary>Says what limits a verdict, each in one plain sentence with numbers.</summary>
internal static class Caveats
{
    /// <summary>What is known before the first interval.</summary>
    public static ImmutableArray<string> OfSettings(AnalysisSettings settings, ComparedMetric[] metrics)
    {
        var caveats = ImmutableArray.CreateBuilder<string>();
        var replaced = metrics.Where(metric => metric.Tolerance.IsReplaced).ToArray();
        if (replaced.Length > 0)
            caveats.Add(Replaced(settings, replaced));
        var unknown = metrics.Where(metric => metric.Noise.IsUnknown).Select(metric => metric.Name).ToArray();
        if (unknown.Length > 0)
            caveats.Add(Say($"{Why(settings.Calibration)}; the evidence in {string.Join(", ", unknown)} is divided by an overdispersion of {PhiEstimate.PriorOverdispersion}{(settings.Unit == ComparisonUnit.Users ? "" : " at first, which stable's own endpoints correct while the run lasts")}: a regression may need {PhiEstimate.PriorOverdispersion} times as many {(settings.Unit == ComparisonUnit.Users ? "users" : "requests")} to be proven, and noise slower than the run stays unseen."));
        if (settings.Unit == ComparisonUnit.Users)
            caveats.Add("Users are compared, and they are not counted by endpoint: a slow machine cannot be told from a slow version.");
        return caveats.ToImmutable();
    }

    /// <summary>What the source's buckets make of the latency margins, once edges are placed.</summary>
    public static IEnumerable<string> OfEdges(AnalysisSettings settings, ComparedMetric[] metrics)
    {
        foreach (var metric in metrics.Where(metric => metric.IsPlaced && !settings.LatencyBoundaries.IsEmpty))
        {
            if (metric.HarmEdgeSeconds <= metric.EdgeSeconds)
                yield return Say($"{metric.Name} cannot be proven harmless within a factor of {BucketGrid.Factor(settings.LatencyHarmBuckets):0.00}: the metric source has no bucket boundary between {metric.EdgeSeconds:0.#####} s and that many times it. Allow more latency harm, or use finer buckets.");
            if (metric.ToleratedEdgeSeconds is double.PositiveInfinity)
                yield return Say($"{metric.Name} cannot be found to regress: the metric source has no bucket boundary above {metric.EdgeSeconds:0.#####} s.");
        }
    }

    /// <summary>What comparing stable with itself has shown, or why it could not.</summary>
    public static IEnumerable<string> OfNoise(ComparedMetric[] metrics, SplitObstacle obstacle, bool isThreeWay)
    {
        foreach (var metric in metrics)
        {
            if (metric.Noise.Louder is { } alarm)
                yield return Say($"The calibration of {metric.Name} does not hold: stable varies by itself with an overdispersion of {alarm.Live:0.0} over {alarm.LiveBlocks:N0} minutes of this run, and {alarm.Stored:0.0} is stored. The larger one is used from then on.");
        }

        if (!isThreeWay && obstacle != SplitObstacle.None && metrics.Any(metric => metric.Noise.IsUnknown))
            yield return Say($"{(obstacle == SplitObstacle.OneEndpoint ? "Stable has one endpoint only" : "The metric source does not count stable by endpoint")}, so its noise cannot be learned in the run, and the overdispersion stays at {PhiEstimate.PriorOverdispersion}.");
    }

    /// <summary>What the endpoints seen so far do not allow to tell.</summary>
    public static IEnumerable<string> OfEndpoints(EndpointWatches endpoints, EndpointSuspect? suspect)
    {
        if (endpoints.Count == 0)
            yield return "The metric source does not count the canary by endpoint: a slow machine cannot be told from a slow version.";
        else if (endpoints.Count == 1)
            yield return "The canary has one endpoint only: a slow machine cannot be told from a slow version.";
        if (endpoints.IsOverfull)
            yield return Say($"The canary has more than {EndpointWatches.Most} endpoints; only the {EndpointWatches.Most} that were seen first are checked for being the cause by themselves.");
        if (suspect is { IsGone: true })
            yield return Say($"The regression that showed came from the endpoint {suspect.Endpoint}, which serves no longer, and is not held against the version: without it the evidence was never above {suspect.Without:0.0}.");
    }

    private static string Replaced(AnalysisSettings settings, ComparedMetric[] metrics)
    {
        var errors = metrics.FirstOrDefault(metric => !metric.IsLatency)?.Tolerance.Margin;
        var latency = metrics.FirstOrDefault(metric => metric.IsLatency)?.Tolerance.Buckets;
        string[] used =
        [
            .. errors is { } margin ? [Say($"{margin.Absolute * 100:0.##} percentage points and {margin.Relative * 100:0.#} % of errors")] : Array.Empty<string>(),
            .. latency is { } buckets ? [Say($"a factor of {BucketGrid.Factor(buckets):0.000} of latency")] : Array.Empty<string>(),
        ];
        return Say($"No tolerance was asked for {string.Join(", ", metrics.Select(metric => metric.Name))}, but the service's own noise is not known, and then an identical version could be rolled back far more often than in {settings.FalseRollbackRate * 100:0.##} % of the rollouts: {string.Join(" and ", used)} are tolerated instead. A calibration, or a given overdispersion, allows strict margins.");
    }

    private static string Why(CalibrationProfile? profile) => profile switch
    {
        null or { Standing: CalibrationStanding.Missing, Reason: null } => "There is no history of the service's own noise",
        { Standing: CalibrationStanding.Fresh } => "The history of the service's own noise lacks some metrics",
        { Reason: { } reason } => reason.TrimEnd('.'),
        { Standing: CalibrationStanding.TooShort } => "The history of the service's own noise is too short",
        _ => "The history of the service's own noise is too old",
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
