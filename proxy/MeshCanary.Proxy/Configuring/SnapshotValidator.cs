using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Finds every fault of a snapshot, so that its author can mend it in one go.</summary>
internal static class SnapshotValidator
{
    private const string AnyHost = "*";

    public static List<string> Faults(Snapshot snapshot)
    {
        List<string> faults = [];
        if (snapshot.Version == 0)
            faults.Add("version: is 0; versions start at 1.");

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<(string Host, string Prefix), string> served = [];
        for (var i = 0; i < snapshot.Routes.Count; i++)
        {
            var route = snapshot.Routes[i];
            var place = string.IsNullOrWhiteSpace(route.Name) ? $"routes[{i}]" : $"route '{route.Name}'";
            faults.AddRange(RouteValidator.Faults(route).Select(fault => $"{place}: {fault}"));
            if (!string.IsNullOrWhiteSpace(route.Name) && !names.Add(route.Name))
                faults.Add($"{place}: the name is given twice (case does not count); names are unique in a snapshot.");
            faults.AddRange(Overlaps(route, place, served));
        }

        return faults;
    }

    private static IEnumerable<string> Overlaps(Route route, string place, Dictionary<(string Host, string Prefix), string> served)
    {
        var prefix = RoutePrefix.Normalise(route.PathPrefix);
        IEnumerable<string> hosts = route.Hosts.Count == 0 ? [AnyHost] : route.Hosts;
        foreach (var host in hosts)
        {
            if (!served.TryAdd((host.ToLowerInvariant(), prefix.ToLowerInvariant()), place))
            {
                var other = served[(host.ToLowerInvariant(), prefix.ToLowerInvariant())];
                yield return $"host '{host}' with path prefix '{prefix}' is already served by {(other == place ? "this route itself" : other)}.";
            }
        }
    }
}
