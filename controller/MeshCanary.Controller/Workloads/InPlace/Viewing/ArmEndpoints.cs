using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Viewing;

/// <summary>Where requests of a revision go: what is ready, and not about to end, behind the Services of its ReplicaSets.</summary>
internal static class ArmEndpoints
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    /// <summary>
    /// Addresses by revision, sorted and distinct, on the port whose traffic is split, or the first of several. A revision whose Services
    /// have no slice yet is absent: nobody looked.
    /// </summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Of(InPlaceView view) =>
        view.Service?.Spec.Ports?.FirstOrDefault(port => IsSplit(view, port)) is { } port
            ? Of(view, port)
            : ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The same for each port, where the Service has several.</summary>
    /// <param name="view">The view.</param>
    /// <param name="pods">Pods of the stable revision: a named port has the number that they give it.</param>
    public static ImmutableArray<WorkloadPort> PortsOf(InPlaceView view, V1PodSpec? pods) => view.Service?.Spec.Ports is { Count: > 1 } ports
        ? [.. ports.Select(port => NumberOf(port, pods) is { } number ? new WorkloadPort(number, IsSplit(view, port), Of(view, port)) : null)
            .OfType<WorkloadPort>().DistinctBy(port => port.Number)]
        : [];

    private static bool IsSplit(InPlaceView view, V1ServicePort port) => view.Ports is not { IsDefaultOrEmpty: false } asked
        || asked.Contains(port.Name ?? "") || asked.Contains(port.Port.ToString(CultureInfo.InvariantCulture));

    private static int? NumberOf(V1ServicePort port, V1PodSpec? pods)
    {
        var target = port.TargetPort?.Value;
        if (string.IsNullOrEmpty(target))
            return port.Port;
        return int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : (pods?.Containers ?? []).SelectMany(container => container.Ports ?? []).FirstOrDefault(each => each.Name == target)?.ContainerPort;
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Of(InPlaceView view, V1ServicePort port)
    {
        var found = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var services in view.ArmServices.Where(service => Objects.Revision(service) is not null).GroupBy(service => Objects.Revision(service)!, StringComparer.Ordinal))
        {
            var names = services.Select(service => service.Metadata.Name).ToHashSet(StringComparer.Ordinal);
            var slices = view.Slices.Where(slice => Objects.Label(slice, ServiceLabel) is { } name && names.Contains(name)).ToList();
            if (slices.Count > 0)
                found[services.Key] = [.. slices.SelectMany(slice => Of(slice, port)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        return found.ToImmutable();
    }

    private static IEnumerable<string> Of(V1EndpointSlice slice, V1ServicePort port)
    {
        // A name of a container's port may be another number in another pod: those pods are in a slice of their own.
        var number = slice.Ports?.FirstOrDefault(each => (each.Name ?? "") == (port.Name ?? ""))?.Port;
        if (number is null || slice.AddressType is not ("IPv4" or "IPv6"))
            return [];
        return (slice.Endpoints ?? [])
            .Where(endpoint => endpoint.Conditions is not { Ready: false } and not { Terminating: true })
            .SelectMany(endpoint => endpoint.Addresses ?? [])
            .Select(address => slice.AddressType == "IPv6" ? $"http://[{address}]:{number}" : $"http://{address}:{number}");
    }
}
