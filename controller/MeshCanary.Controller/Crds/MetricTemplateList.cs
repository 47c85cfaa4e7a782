using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Crds;

/// <summary>A page of metric templates, as a list call answers.</summary>
[KubernetesEntity(Group = ApiNames.Group, ApiVersion = ApiNames.Version, Kind = "MetricTemplateList", PluralName = ApiNames.MetricTemplates)]
internal sealed record MetricTemplateList : IKubernetesObject<V1ListMeta>, IItems<MetricTemplateObject>
{
    public string ApiVersion { get; set; } = ApiNames.GroupVersion;

    public string Kind { get; set; } = "MetricTemplateList";

    public V1ListMeta Metadata { get; set; } = new();

    public IList<MetricTemplateObject> Items { get; set; } = [];
}
