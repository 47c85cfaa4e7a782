using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>Refuses samples that contradict themselves before they can spoil a run's evidence.</summary>
internal static class SampleCheck
{
    /// <exception cref="ArgumentException">What is wrong with the sample.</exception>
    public static void Require(IntervalSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.End <= sample.Start)
            throw new ArgumentException($"The interval ends ({sample.End:O}) before it starts ({sample.Start:O}).", nameof(sample));
        RequireArms(sample);
        RequireEndpoints(sample.StableEndpoints);
        RequireEndpoints(sample.CanaryEndpoints);
        for (var i = 0; i < sample.Draws.Count; i++)
        {
            var draws = sample.Draws[i];
            if (draws.CanaryWeight is < 0 or > 10_000)
                throw new ArgumentException($"A canary weight of {draws.CanaryWeight} is outside 0…10000.", nameof(sample));
            if (draws.Stable < 0 || draws.Canary < 0)
                throw new ArgumentException($"The draws at weight {draws.CanaryWeight} are negative.", nameof(sample));
        }
    }

    private static void RequireArms(IntervalSample sample)
    {
        if (sample.Stable.Errors < 0 || sample.Canary.Errors < 0 || sample.Baseline?.Errors < 0 || sample.Users?.Stable.Errors < 0 || sample.Users?.Canary.Errors < 0)
            throw new ArgumentException("An arm has a negative number of errors.", nameof(sample));
    }

    private static void RequireEndpoints(ImmutableArray<EndpointCounts> endpoints)
    {
        foreach (var endpoint in endpoints.IsDefault ? [] : endpoints)
        {
            if (endpoint is not { Endpoint: not null, Counts: not null })
                throw new ArgumentException("An endpoint lacks its name or its counts.", nameof(endpoints));
            if (endpoint.Counts.Errors < 0)
                throw new ArgumentException($"Endpoint {endpoint.Endpoint} has a negative number of errors.", nameof(endpoints));
        }
    }
}
