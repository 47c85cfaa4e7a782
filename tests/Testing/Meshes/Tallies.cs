using MeshCanary.Testing.Exchanges;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Testing.Meshes;

/// <summary>Brings what proxies report and what clients saw to one form, in which they have to be equal.</summary>
public static class Tallies
{
    /// <summary>Adds up by name; what is nothing is left out.</summary>
    public static SortedDictionary<string, long> Sum(IEnumerable<(string Name, long Count)> counts)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in counts.Where(pair => pair.Count != 0))
            sums[name] = sums.GetValueOrDefault(name) + count;
        return sums;
    }

    /// <summary>What clients saw and versions know, by revision.</summary>
    public static SortedDictionary<string, long> Revisions(SteadyLoad load, IEnumerable<ConversingBackend> backends) =>
        Sum(Seen(load, backends).Select(seen => ($"{seen.Version} {seen.Outcome}", seen.Count)));

    /// <summary>The same by endpoint.</summary>
    public static SortedDictionary<string, long> Endpoints(SteadyLoad load, IEnumerable<ConversingBackend> backends) =>
        Sum(Seen(load, backends).Select(seen => ($"{seen.Version} {seen.Endpoint} {seen.Outcome}", seen.Count)));

    /// <summary>How a report says that the requests of a revision ended.</summary>
    public static IEnumerable<(Outcome Outcome, long Count)> Of(Wire.RevisionCounts counts) => Of(new Wire.OutcomeCounts
    {
        Latency = { counts.Latency },
        GivenUp = { counts.GivenUp },
        ServerErrors = counts.ServerErrors,
        GrpcErrors = counts.GrpcErrors,
        ConnectionFailures = counts.ConnectionFailures,
        Timeouts = counts.Timeouts,
    });

    /// <summary>How a report says that the requests of an endpoint ended.</summary>
    public static IEnumerable<(Outcome Outcome, long Count)> Of(Wire.OutcomeCounts counts) =>
    [
        (Outcome.Success, counts.Latency.Sum(bucket => (long)bucket.Count)),
        (Outcome.ServerError, (long)counts.ServerErrors),
        (Outcome.GrpcError, (long)counts.GrpcErrors),
        (Outcome.ConnectionFailure, (long)(counts.ConnectionFailures + counts.Timeouts)),
        (Outcome.GivenUp, counts.GivenUp.Sum(bucket => (long)bucket.Count)),
    ];

    private static IEnumerable<(string Version, string Endpoint, Outcome Outcome, long Count)> Seen(SteadyLoad load, IEnumerable<ConversingBackend> backends) =>
        load.Replies.Where(pair => pair.Key.Version.Length > 0).Select(pair => (pair.Key.Version, pair.Key.Endpoint, pair.Key.Outcome, pair.Value))
            .Concat(from backend in backends
                    from outcome in new[] { Outcome.ConnectionFailure, Outcome.GivenUp }
                    select (backend.Version, backend.Address, outcome, backend.Hidden(outcome)));
}
