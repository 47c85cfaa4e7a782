using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Keeping;

/// <summary>A workload that can be taken under control.</summary>
internal interface IAdoptable
{
    /// <summary>The revision that it runs; null while that is not known.</summary>
    Revision? FindStable(string key);
}
