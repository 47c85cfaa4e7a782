using System.Collections.Immutable;
using System.Text.Json;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>One Service for each ReplicaSet with pods: it lists what is ready of it.</summary>
internal static class ServiceMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        var view = at.Layout.View;
        if (view.Service is not { } service)
        {
            at.Tell($"Service {view.ServiceName} does not exist");
            return null;
        }

        var spare = at.Home is null ? [] : at.Layout.Arms.Where(set => RemovalMoves.IsSpare(at, set)).Select(Objects.HashOf).ToHashSet(StringComparer.Ordinal);
        if (at.Order.Releasing)
            return Gone(view, spare.Contains);
        var wanted = at.Layout.Active.Concat(at.Layout.Arms.Where(set => !Objects.IsEmpty(set) && !spare.Contains(Objects.HashOf(set)))).Where(set => Objects.Revision(set) is not null).DistinctBy(Objects.HashOf).ToList();
        foreach (var set in wanted)
        {
            if (Next(view, service, set) is { } call)
                return call;
        }

        var hashes = wanted.Select(Objects.HashOf).ToHashSet(StringComparer.Ordinal);
        return Gone(view, hash => !hashes.Contains(hash));
    }

    private static DeleteServiceOfArm? Gone(InPlaceView view, Func<string, bool> isUnwanted) =>
        view.ArmServices.FirstOrDefault(arm => !Objects.IsGoing(arm) && isUnwanted(Objects.SelectedHash(arm))) is { } gone ? new DeleteServiceOfArm(gone) : null;

    private static InPlaceCall? Next(InPlaceView view, V1Service service, V1ReplicaSet set)
    {
        var hash = Objects.HashOf(set);
        var selector = Selector(service).SetItem(InPlaceNames.HashLabel, hash);
        ImmutableArray<V1ServicePort> ports = [.. (service.Spec.Ports ?? []).Select(Port)];
        if (view.ArmServices.FirstOrDefault(arm => Objects.SelectedHash(arm) == hash) is { } there)
        {
            var same = Selected(there).SequenceEqual(selector) && (there.Spec.Ports ?? []).Select(Key).SequenceEqual(ports.Select(Key));
            return same || Objects.IsGoing(there) ? null : new UpdateServiceOfArm(there, ports, selector);
        }

        var revision = Objects.Revision(set)!;
        var name = InPlaceNames.Service(view.ServiceName, revision);
        if (view.ArmServices.Any(arm => arm.Metadata.Name == name))
            name = InPlaceNames.Service(view.ServiceName, hash);
        // One of that name that goes has to have gone first.
        if (view.ArmServices.Any(arm => arm.Metadata.Name == name))
            return null;
        return new CreateServiceOfArm(new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = view.Canary.Namespace,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [InPlaceNames.CanaryLabel] = view.Canary.Name,
                    [InPlaceNames.RevisionLabel] = revision,
                },
                OwnerReferences = [view.Canary.Reference],
            },
            Spec = new V1ServiceSpec { Selector = selector.ToDictionary(StringComparer.Ordinal), Ports = [.. ports] },
        });
    }

    /// <summary>What the owner of a Service selects by, also while it selects the proxies.</summary>
    private static ImmutableSortedDictionary<string, string> Selector(V1Service service)
    {
        var written = Objects.Annotation(service, ApiNames.OriginalSelectorAnnotation);
        try
        {
            if (written is not null && JsonSerializer.Deserialize<Dictionary<string, string>>(written) is { } original)
                return original.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // Somebody wrote something else there. What the Service selects by is the next best.
        }

        return Selected(service);
    }

    private static ImmutableSortedDictionary<string, string> Selected(V1Service service) =>
        (service.Spec.Selector ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static V1ServicePort Port(V1ServicePort port) => new()
    {
        Name = port.Name,
        Port = port.Port,
        TargetPort = port.TargetPort,
        Protocol = port.Protocol,
        AppProtocol = port.AppProtocol,
    };

    private static (string?, int, string?, string, string?) Key(V1ServicePort port) =>
        (port.Name, port.Port, port.TargetPort is { } target ? target.Value : null, port.Protocol ?? "TCP", port.AppProtocol);
}
