using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds.Statuses;

namespace MeshCanary.Controller.Crds;

/// <summary>
/// A <c>Canary</c> as it is on the wire. The spec stays as it was written: its grammar is that of
/// <see cref="Rollouts.Specs.Parsing.CanaryManifestReader"/>, the same as for a file.
/// </summary>
[KubernetesEntity(Group = ApiNames.Group, ApiVersion = ApiNames.Version, Kind = ApiNames.Canary, PluralName = ApiNames.Canaries)]
internal sealed record CanaryObject : IKubernetesObject<V1ObjectMeta>, ISpec<JsonElement?>, IStatus<CanaryStatus?>
{
    public string ApiVersion { get; set; } = ApiNames.GroupVersion;

    public string Kind { get; set; } = ApiNames.Canary;

    public V1ObjectMeta Metadata { get; set; } = new();

    public JsonElement? Spec { get; set; }

    public CanaryStatus? Status { get; set; }
}
