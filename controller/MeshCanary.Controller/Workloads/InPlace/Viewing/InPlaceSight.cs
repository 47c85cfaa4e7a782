using System.Collections.Immutable;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads.InPlace.Viewing;

/// <summary>What decisions rest on, of what the caches show. Pure.</summary>
internal static class InPlaceSight
{
    /// <summary>The sight of a workload.</summary>
    /// <param name="view">The view.</param>
    /// <param name="problem">What keeps it from its plan; null while nothing does.</param>
    public static WorkloadSight Of(InPlaceView view, string? problem)
    {
        var addresses = ArmEndpoints.Of(view);
        var ready = addresses.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Length);
        var layout = view.Deployment is { } deployment ? new Layout(view, deployment) : null;
        return new WorkloadSight
        {
            Ready = ready,
            Addresses = addresses,
            Pods = layout is null ? ImmutableDictionary<string, RevisionPods>.Empty : PodsOf(view, layout),
            Target = Revision(layout?.Target),
            Observation = layout is null ? null : new WorkloadObservation
            {
                Whole = layout.Whole,
                Home = Revision(HomeOf(layout)),
                TakenOver = Revision(layout.TakenOver),
                Problem = problem,
            },
        };
    }

    private static ImmutableDictionary<string, RevisionPods> PodsOf(InPlaceView view, Layout layout)
    {
        var sets = view.ReplicaSets.ToLookup(layout.RevisionOf, set => set.Metadata.Name);
        var services = view.ArmServices.ToLookup(Objects.Revision, service => service.Metadata.Name);
        return sets.Select(named => named.Key).Concat(services.Select(named => named.Key)).OfType<string>().Distinct(StringComparer.Ordinal)
            .ToImmutableDictionary(name => name, name => new RevisionPods([.. sets[name].Order(StringComparer.Ordinal)], [.. services[name].Order(StringComparer.Ordinal)]));
    }

    // While it has two with pods, or none although it should have one, it changes hands.
    private static string? HomeOf(Layout layout) => layout.Active switch
    {
        _ when layout.TakenOver is not null => layout.Settled is { } settled ? layout.RevisionOf(settled) : null,
        [var only] => layout.RevisionOf(only),
        [] when layout.Replicas == 0 => layout.Owned.FirstOrDefault(layout.HasTemplateOf) is { } idle ? layout.RevisionOf(idle) : null,
        _ => null,
    };

    private static Revision? Revision(string? name) => name is null ? null : new Revision { Name = name, Addresses = [] };
}
