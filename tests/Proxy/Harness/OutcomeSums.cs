using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>Adds up outcomes as the protocol has them.</summary>
internal static class OutcomeSums
{
    public static long Total(OutcomeCounts? outcomes) =>
        outcomes is null ? 0 : outcomes.Latency.Concat(outcomes.GivenUp).Sum(bucket => (long)bucket.Count) + Failed(outcomes);

    public static long Failed(OutcomeCounts? outcomes) =>
        outcomes is null ? 0 : (long)(outcomes.ServerErrors + outcomes.GrpcErrors + outcomes.ConnectionFailures + outcomes.Timeouts);

    /// <summary>Every count by its place, so that two can be compared whole.</summary>
    public static SortedDictionary<string, ulong> ByPlace(IEnumerable<OutcomeCounts> outcomes)
    {
        SortedDictionary<string, ulong> places = new(StringComparer.Ordinal);
        foreach (var counts in outcomes)
        {
            Add("server", counts.ServerErrors);
            Add("grpc", counts.GrpcErrors);
            Add("connection", counts.ConnectionFailures);
            Add("timeout", counts.Timeouts);
            foreach (var bucket in counts.Latency)
                Add($"latency {bucket.Bucket}", bucket.Count);
            foreach (var bucket in counts.GivenUp)
                Add($"given up {bucket.Bucket}", bucket.Count);
        }

        return places;

        void Add(string place, ulong count)
        {
            if (count > 0)
                places[place] = places.GetValueOrDefault(place) + count;
        }
    }

    /// <summary>What a revision has of its own.</summary>
    public static OutcomeCounts Of(RevisionCounts counts) => new()
    {
        Latency = { counts.Latency },
        GivenUp = { counts.GivenUp },
        ServerErrors = counts.ServerErrors,
        GrpcErrors = counts.GrpcErrors,
        ConnectionFailures = counts.ConnectionFailures,
        Timeouts = counts.Timeouts,
    };
}
