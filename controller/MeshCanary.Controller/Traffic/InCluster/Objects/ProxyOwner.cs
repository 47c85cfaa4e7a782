using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Distribution.Cluster;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>The Canary object that owns proxies.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
internal sealed record ProxyOwner(string Namespace, string Name, string Uid)
{
    /// <summary>Label on all that belongs to one Canary's proxies, the pods among it: <see cref="ProxyName"/>.</summary>
    public const string ProxyLabel = $"{ApiNames.Prefix}proxy";

    /// <summary>What the Deployment and everything beside it is called.</summary>
    public string ProxyName => ProxyNames.Of(Name);

    /// <summary><c>namespace/name</c>.</summary>
    public string Key => $"{Namespace}/{Name}";

    /// <summary>The metadata of what it owns.</summary>
    public JsonObject Metadata() => new()
    {
        ["labels"] = new JsonObject
        {
            [ProxyLabel] = ProxyName,
            ["app.kubernetes.io/name"] = "meshcanary-proxy",
            ["app.kubernetes.io/managed-by"] = "meshcanary",
        },
        ["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = ApiNames.GroupVersion,
            ["kind"] = ApiNames.Canary,
            ["name"] = Name,
            ["uid"] = Uid,
            ["controller"] = true,
        }),
    };

    /// <summary>What selects its proxies' pods.</summary>
    public JsonObject Selector() => new() { [ProxyLabel] = ProxyName };
}
