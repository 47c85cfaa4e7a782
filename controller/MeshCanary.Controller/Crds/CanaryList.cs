using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Crds;

/// <summary>A page of Canaries, as a list call answers.</summary>
[KubernetesEntity(Group = ApiNames.Group, ApiVersion = ApiNames.Version, Kind = "CanaryList", PluralName = ApiNames.Canaries)]
internal sealed record CanaryList : IKubernetesObject<V1ListMeta>, IItems<CanaryObject>
{
    public string ApiVersion { get; set; } = ApiNames.GroupVersion;

    public string Kind { get; set; } = "CanaryList";

    public V1ListMeta Metadata { get; set; } = new();

    public IList<CanaryObject> Items { get; set; } = [];
}
