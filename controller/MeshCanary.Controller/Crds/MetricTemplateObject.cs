using System.Text.Json;
using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Crds;

/// <summary>
/// A <c>MetricTemplate</c> as it is on the wire: a query that Canaries name. Read by
/// <see cref="Rollouts.Specs.Parsing.MetricTemplateReader"/>.
/// </summary>
[KubernetesEntity(Group = ApiNames.Group, ApiVersion = ApiNames.Version, Kind = ApiNames.MetricTemplate, PluralName = ApiNames.MetricTemplates)]
internal sealed record MetricTemplateObject : IKubernetesObject<V1ObjectMeta>, ISpec<JsonElement?>
{
    public string ApiVersion { get; set; } = ApiNames.GroupVersion;

    public string Kind { get; set; } = ApiNames.MetricTemplate;

    public V1ObjectMeta Metadata { get; set; } = new();

    public JsonElement? Spec { get; set; }
}
