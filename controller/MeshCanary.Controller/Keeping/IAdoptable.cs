using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Keeping;

/// <summary>A workload that can be taken under control.</summary>
internal interface IAdoptable
{
    /// <summary>The revision that it runs; null while that is not known.</summary>
    Revision? FindStable(string key);

    /// <summary>What only the API server can say of whether what is asked for may be done; null when it may.</summary>
    Task<AdoptionProblem?> RefusesAsync(CanaryManifest manifest, CancellationToken cancellation);
}
