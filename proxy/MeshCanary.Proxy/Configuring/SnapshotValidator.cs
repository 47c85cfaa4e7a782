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

        Dictionary<string, List<Route>> names = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<(string Host, string Prefix, uint Port), string> served = [];
        for (var i = 0; i < snapshot.Routes.Count; i++)
        {
            var route = snapshot.Routes[i];
            var place = string.IsNullOrWhiteSpace(route.Name) ? $"routes[{i}]" : $"route '{route.Name}'";
            faults.AddRange(RouteValidator.Faults(route).Select(fault => $"{place}: {fault}"));
            if (!string.IsNullOrWhiteSpace(route.Name))
                faults.AddRange(Namesakes(route, names).Select(fault => $"{place}: {fault}"));
            faults.AddRange(Overlaps(route, place, served));
        }

        return faults;
    }

    private static IEnumerable<string> Namesakes(Route route, Dictionary<string, List<Route>> names)
    {
        if (!names.TryGetValue(route.Name, out var others))
            names.Add(route.Name, others = []);
        others.Add(route);
        if (others.Count == 1)
            yield break;
        if (others.Count(other => other.Port == route.Port) > 1)
            yield return "the name is given twice (case does not count); names are unique in a snapshot, but for routes of several ports.";
        else if (!Core(route).Equals(Core(others[0])))
            yield return $"port: that of port {route.Port} is another canary than that of port {others[0].Port}; routes of one name differ in port and endpoints alone.";
    }

    // What routes of one name share: their counts, limits and guards are one.
    private static Route Core(Route route)
    {
        var core = route.Clone();
        core.Port = 0;
        core.Stable?.Endpoints.Clear();
        core.Canary?.Endpoints.Clear();
        return core;
    }

    private static IEnumerable<string> Overlaps(Route route, string place, Dictionary<(string Host, string Prefix, uint Port), string> served)
    {
        var prefix = RoutePrefix.Normalise(route.PathPrefix);
        IEnumerable<string> hosts = route.Hosts.Count == 0 ? [AnyHost] : route.Hosts;
        foreach (var host in hosts)
        {
            var key = (host.ToLowerInvariant(), prefix.ToLowerInvariant(), route.Port);
            if (!served.TryAdd(key, place))
            {
                var other = served[key];
                yield return $"host '{host}' with path prefix '{prefix}' is already served by {(other == place ? "this route itself" : other)}.";
            }
        }
    }
}
