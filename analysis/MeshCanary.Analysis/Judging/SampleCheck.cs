using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Analysis.Judging;

/// <summary>Refuses samples that contradict themselves before they can spoil a run's evidence.</summary>
internal static class SampleCheck
{
    /// <summary>More than any interval can hold, and so little that no sum of a run overflows: it would come out as no traffic.</summary>
    public const long Most = 1_000_000_000_000;

    /// <exception cref="ArgumentException">What is wrong with the sample.</exception>
    public static void Require(IntervalSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.End <= sample.Start)
            throw new ArgumentException($"The interval ends ({sample.End:O}) before it starts ({sample.Start:O}).", nameof(sample));
        RequireArms(sample);
        RequireEndpoints(sample.StableEndpoints);
        RequireEndpoints(sample.CanaryEndpoints);
        RequireReadings(sample.Custom ?? []);
        for (var i = 0; i < sample.Draws.Count; i++)
        {
            var draws = sample.Draws[i];
            if (draws.CanaryWeight is < 0 or > 10_000)
                throw new ArgumentException($"A canary weight of {draws.CanaryWeight} is outside 0…10000.", nameof(sample));
            if (draws.Stable is < 0 or > Most || draws.Canary is < 0 or > Most)
                throw new ArgumentException($"The draws at weight {draws.CanaryWeight} are not between 0 and {Most}.", nameof(sample));
        }
    }

    private static void RequireArms(IntervalSample sample)
    {
        if (!IsCount(sample.Stable) || !IsCount(sample.Canary) || !IsCount(sample.Baseline) || !IsCount(sample.Users?.Stable) || !IsCount(sample.Users?.Canary))
            throw new ArgumentException($"An arm has a negative number of errors, or more than {Most} of errors, latencies or requests given up.", nameof(sample));
    }

    private static void RequireReadings(ImmutableArray<CustomReading> readings)
    {
        foreach (var reading in readings)
        {
            if (reading.To <= reading.From || !IsAnswer(reading.Canary) || !IsAnswer(reading.Stable))
                throw new ArgumentException($"A reading of {reading.Metric} contradicts itself: an empty span, a number that is not finite, more events than their total, or buckets that fall.", nameof(readings));
        }
    }

    private static bool IsAnswer(CustomValues? values) => values is null
        || (double.IsFinite(values.Value ?? 0) && values.Total is null or <= Most && (values.Events is null || (values.Events >= 0 && values.Events <= values.Total)) && IsCumulative(values));

    private static bool IsCumulative(CustomValues values) => values is not { Boundaries: { } boundaries, Cumulative: { } counts }
        || (counts.Length == boundaries.Length + 1 && counts[0] >= 0 && counts[^1] <= Most
            && Enumerable.Range(1, counts.Length - 1).All(place => counts[place] >= counts[place - 1]) && Enumerable.Range(1, Math.Max(0, boundaries.Length - 1)).All(place => boundaries[place] > boundaries[place - 1]));

    private static void RequireEndpoints(ImmutableArray<EndpointCounts> endpoints)
    {
        foreach (var endpoint in endpoints.IsDefault ? [] : endpoints)
        {
            if (endpoint is not { Endpoint: not null, Counts: not null })
                throw new ArgumentException("An endpoint lacks its name or its counts.", nameof(endpoints));
            if (!IsCount(endpoint.Counts))
                throw new ArgumentException($"Endpoint {endpoint.Endpoint} has a negative number of errors, or more than {Most} of errors, latencies or requests given up.", nameof(endpoints));
        }
    }

    private static bool IsCount(ArmCounts? arm) => arm is null || (arm.Errors is >= 0 and <= Most && arm.Latency.Total <= Most && arm.GivenUp.Total <= Most);
}
