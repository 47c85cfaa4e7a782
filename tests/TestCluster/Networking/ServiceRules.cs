using System.Globalization;
using System.Text;
using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Networking;

/// <summary>
/// The packet rules of all Services, as a kube-proxy writes them: a new connection to a Service goes to one ready
/// endpoint; one that is open keeps its endpoint; one to a Service without endpoints is refused.
/// </summary>
internal static class ServiceRules
{
    /// <summary>The complete rules for a set of Services.</summary>
    /// <param name="services">The Services.</param>
    /// <param name="endpoints">Finds the Endpoints of a Service.</param>
    public static string Write(IEnumerable<V1Service> services, Func<V1Service, V1Endpoints?> endpoints)
    {
        var ports = services
            .Where(service => service.Spec.ClusterIP is { Length: > 0 } address && address != "None")
            .SelectMany(service => service.Spec.Ports ?? [], (service, port) => (service, port))
            .Where(pair => pair.port.Protocol is null or "TCP" or "UDP")
            .Select((pair, index) => new Entry(
                $"port{index}", pair.service.Spec.ClusterIP, pair.port, Targets(endpoints(pair.service), pair.port)))
            .Where(entry => entry.Targets.Length > 0)
            .OrderBy(entry => entry.Address, StringComparer.Ordinal)
            .ToArray();

        var text = new StringBuilder();
        text.AppendLine("table ip services");
        text.AppendLine("delete table ip services");
        text.AppendLine("table ip services {");
        foreach (var entry in ports)
            text.AppendLine(CultureInfo.InvariantCulture, $"  chain {entry.Chain} {{ meta l4proto {entry.Protocol} dnat to {Choice(entry.Targets)}; }}");
        Dispatch(text, "pods", "prerouting", ports);
        Dispatch(text, "machine", "output", ports);

        // A pod that reaches itself by its Service would otherwise be answered by nobody but itself.
        text.AppendLine("  chain hairpin { type nat hook postrouting priority 100;");
        foreach (var target in ports.SelectMany(entry => entry.Targets).Select(target => target.Address).Distinct())
            text.AppendLine(CultureInfo.InvariantCulture, $"    ip saddr {target} ip daddr {target} masquerade");
        text.AppendLine("  }");

        // What still has a Service's address here found no endpoint.
        foreach (var hook in new[] { "output", "forward" })
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  chain refuse_{hook} {{ type filter hook {hook} priority 0; ip daddr {OwnNamespace.ServiceRange} reject with icmp type port-unreachable; }}");
        text.AppendLine("}");
        return text.ToString();
    }

    private static void Dispatch(StringBuilder text, string name, string hook, Entry[] ports)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  chain {name} {{ type nat hook {hook} priority -100;");
        foreach (var protocol in new[] { "tcp", "udp" })
        {
            var entries = ports.Where(entry => entry.Protocol == protocol).ToArray();
            if (entries.Length > 0)
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"    ip daddr . {protocol} dport vmap {{ {string.Join(", ", entries.Select(entry => entry.Rule))} }}");
        }

        text.AppendLine("  }");
    }

    private static string Choice((string Address, int Port)[] targets) => targets.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{targets[0].Address}:{targets[0].Port}")
        : string.Create(CultureInfo.InvariantCulture, $"numgen random mod {targets.Length} map {{ {string.Join(", ", targets.Select((target, index) => string.Create(CultureInfo.InvariantCulture, $"{index} : {target.Address} . {target.Port}")))} }}");

    private static (string Address, int Port)[] Targets(V1Endpoints? endpoints, V1ServicePort port) =>
    [
        .. from subset in endpoints?.Subsets ?? []
           from target in subset.Ports ?? []
           where (target.Name ?? "") == (port.Name ?? "") && (target.Protocol ?? "TCP") == (port.Protocol ?? "TCP")
           from address in subset.Addresses ?? []
           orderby address.Ip
           select (address.Ip, target.Port),
    ];

    private sealed record Entry(string Chain, string Address, V1ServicePort Port, (string Address, int Port)[] Targets)
    {
        public string Protocol => Port.Protocol is "UDP" ? "udp" : "tcp";

        public string Rule => string.Create(CultureInfo.InvariantCulture, $"{Address} . {Port.Port} : goto {Chain}");
    }
}
