using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Tests.Traffic.InCluster;

/// <summary>A Service that takes patches as an API server does: all steps or none, and a version that rises.</summary>
internal sealed class PatchedObject
{
    private JsonObject _json;
    private int _version = 1;

    public PatchedObject(string yaml)
    {
        _json = JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<V1Service>(yaml)))!.AsObject();
        Stamp();
    }

    public V1Service Seen => KubernetesJson.Deserialize<V1Service>(_json.ToJsonString());

    public IDictionary<string, string> Selector => Seen.Spec.Selector;

    /// <summary>Somebody else writes.</summary>
    public void Write(Action<V1Service> change)
    {
        var service = Seen;
        change(service);
        _json = JsonNode.Parse(KubernetesJson.Serialize(service))!.AsObject();
        Stamp();
    }

    public bool TryPatch(JsonPatch patch)
    {
        var next = _json.DeepClone().AsObject();
        if (!Patched.TryApply(next, patch))
            return false;
        _json = next;
        Stamp();
        return true;
    }

    private void Stamp() => _json["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
}
