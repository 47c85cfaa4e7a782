using System.Globalization;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>What is asked of the Service's ports: each leads to one port of the pods.</summary>
internal static class PortChecks
{
    public static IEnumerable<AdoptionProblem> Run(AdoptionSight sight)
    {
        if (sight.Service is not { } service || service.Spec.Type == "ExternalName")
            return [];
        var ports = service.Spec.Ports ?? [];
        if (ports.Count == 0)
            return [new("ServiceWithoutPorts", $"The Service {service.Metadata.Name} has no ports. Give it the port that clients call.")];
        return
        [
            .. Missing(sight, service, ports),
            .. ports.Where(port => IsSplit(sight, port)).SelectMany(port => Faults(service.Metadata.Name, port, sight.Deployment)),
        ];
    }

    private static IEnumerable<AdoptionProblem> Missing(AdoptionSight sight, V1Service service, IList<V1ServicePort> ports) =>
        (sight.Spec.Service.Ports ?? []).Where(wanted => !ports.Any(port => Is(port, wanted)))
            .Select(wanted => new AdoptionProblem("PortMissing", $"The Service {service.Metadata.Name} has no port {wanted}; it has {string.Join(", ", ports.Select(Show))}. Correct spec.service.ports."));

    private static bool IsSplit(AdoptionSight sight, V1ServicePort port) => sight.Spec.Service.Ports is not { } wanted || wanted.Any(one => Is(port, one));

    private static bool Is(V1ServicePort port, string wanted) => port.Name == wanted || port.Port.ToString(CultureInfo.InvariantCulture) == wanted;

    private static IEnumerable<AdoptionProblem> Faults(string service, V1ServicePort port, V1Deployment? deployment)
    {
        if (port.Protocol is not null and not "TCP")
            yield return new("PortNotTcp", $"Port {Show(port)} of the Service {service} is {port.Protocol}, which the proxy does not speak. Name the others in spec.service.ports, or give it a Service of its own.");
        if (deployment is null || port.TargetPort?.Value is not { Length: > 0 } target || int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            yield break;
        var numbers = (deployment.Spec.Template?.Spec?.Containers ?? [])
            .SelectMany(container => container.Ports ?? [])
            .Where(one => one.Name == target && (one.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))
            .Select(one => one.ContainerPort)
            .Distinct()
            .ToList();
        if (numbers.Count == 0)
            yield return new("TargetPortUnresolved", $"Port {Show(port)} of the Service {service} leads to the port named {target}, which no container of the Deployment {deployment.Metadata.Name} has. Name it in the pod template, or write its number as targetPort.");
        if (numbers.Count > 1)
            yield return new("TargetPortAmbiguous", $"Port {Show(port)} of the Service {service} leads to the port named {target}, which containers of the Deployment {deployment.Metadata.Name} have with different numbers ({string.Join(", ", numbers)}). Give each a name of its own.");
    }

    private static string Show(V1ServicePort port) => port.Name is { Length: > 0 } name ? $"{name} ({port.Port})" : port.Port.ToString(CultureInfo.InvariantCulture);
}
