using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>The ports that proxies need so that a Service can lead to them in place of its pods: the same numbers under the same names. Pure.</summary>
/// <param name="Ports">The ports by number and name.</param>
/// <param name="Problem">Why the Service cannot lead to proxies, with what to do; null when it can.</param>
internal sealed record ProxyPorts(ImmutableArray<ProxyPort> Ports, string? Problem)
{
    // What a proxy of HTTP can serve, among the names of the API and those in wide use.
    private static readonly ImmutableHashSet<string> Served =
        ["http", "http2", "grpc", "grpc-web", "ws", "kubernetes.io/h2c", "kubernetes.io/ws"];

    /// <summary>Finds them.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="pod">The pods behind it.</param>
    /// <param name="split">Names or numbers of the Service's ports whose traffic is split; null for all.</param>
    public static ProxyPorts Of(V1Service service, V1PodSpec pod, ImmutableArray<string>? split)
    {
        var ports = ImmutableArray.CreateBuilder<ProxyPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            var place = $"port {port.Port.ToString(CultureInfo.InvariantCulture)} of Service {service.Metadata.Name}";
            if (port.Protocol is not (null or "TCP"))
                return Refused($"{place} is {port.Protocol}, which the proxy does not speak. Put it into a Service of its own.");
            if (port.AppProtocol is { Length: > 0 } protocol && !Served.Contains(protocol.ToLowerInvariant()))
                return Refused($"{place} is {protocol} by its appProtocol, and the proxy serves plain HTTP. Put it into a Service of its own.");
            if (Target(port, pod) is not { } found)
                return Refused($"{place} leads to the port '{port.TargetPort.Value}', which no container has. Name the port in the pod template.");
            var isSplit = split is not { } asked || asked.Contains(port.Name ?? "") || asked.Contains(port.Port.ToString(CultureInfo.InvariantCulture));
            ports.Add(new ProxyPort(found.Number, found.Name, isSplit, port.Name ?? ""));
        }

        if (ports.Count == 0)
            return Refused($"Service {service.Metadata.Name} has no ports.");
        // Two ports of the Service may lead to one of the pods: it is split if either asks for it.
        return new ProxyPorts(
            [.. ports.GroupBy(port => (port.Number, port.Name)).Select(group => group.First() with { IsSplit = group.Any(port => port.IsSplit) }).OrderBy(port => port.Number).ThenBy(port => port.Name, StringComparer.Ordinal)],
            ports.Any(port => port.IsSplit) ? null : $"Service {service.Metadata.Name} has none of the ports {string.Join(", ", split ?? [])}. Mend spec.service.ports of the Canary.");
    }

    /// <summary>A port for ourselves that none of these is.</summary>
    /// <param name="wanted">The first that would do.</param>
    public int Free(int wanted)
    {
        while (Ports.Any(port => port.Number == wanted))
            wanted++;
        return wanted;
    }

    private static ProxyPorts Refused(string problem) => new([], problem);

    private static (int Number, string Name)? Target(V1ServicePort port, V1PodSpec pod)
    {
        if (port.TargetPort?.Value is not { Length: > 0 } target)
            return (port.Port, "");
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (number > 0 ? number : port.Port, "");
        return (pod.Containers ?? []).SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(known => known.Name == target && known.Protocol is null or "TCP") is { } named
            ? (named.ContainerPort, target)
            : null;
    }
}
