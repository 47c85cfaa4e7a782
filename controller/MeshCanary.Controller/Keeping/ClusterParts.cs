using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Keeping;

/// <summary>All that changes objects of the cluster for Canaries.</summary>
/// <param name="Workload">Looks whether a workload can be adopted.</param>
/// <param name="All">The parts, in the order in which they give back.</param>
internal sealed record ClusterParts(IAdoptable Workload, ImmutableArray<IClusterPart> All)
{
    /// <summary>Tells the workload alone, so that it can be looked at: nothing is made for what may never be adopted.</summary>
    public void Consider(string uid, CanaryManifest manifest)
    {
        foreach (var part in All.Where(part => ReferenceEquals(part, Workload)))
            part.Manage(uid, manifest);
    }

    /// <summary>Tells all parts.</summary>
    public void Manage(string uid, CanaryManifest manifest)
    {
        foreach (var part in All)
            part.Manage(uid, manifest);
    }

    /// <summary>Gives back part by part: the next one begins when the one before has nothing left.</summary>
    /// <returns>What is waited for; null when all is given back.</returns>
    public string? GiveBack(string key) => All.Select(part => part.GiveBack(key)).FirstOrDefault(waits => waits is not null);

    /// <summary>Tells all parts.</summary>
    public void Forget(string key)
    {
        foreach (var part in All)
            part.Forget(key);
    }
}
