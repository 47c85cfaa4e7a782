using k8s.Models;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Workloads.InPlace;

/// <summary>The Canary object that owns arms.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
internal sealed record CanaryOwner(string Namespace, string Name, string Uid)
{
    /// <summary>The reference that makes it the owner of an object.</summary>
    public V1OwnerReference Reference => new()
    {
        ApiVersion = ApiNames.GroupVersion,
        Kind = ApiNames.Canary,
        Name = Name,
        Uid = Uid,
        Controller = true,
    };
}
