using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>All objects of one Canary's proxies. Pure.</summary>
internal static class ProxyObjects
{
    /// <summary>Key of the certificates in the ConfigMap.</summary>
    public const string AuthorityKey = "ca.crt";

    public static readonly ResourceType ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount");
    public static readonly ResourceType ConfigMaps = new("", "v1", "configmaps", "ConfigMap");
    public static readonly ResourceType Deployments = new("apps", "v1", "deployments", "Deployment");

    /// <summary>The objects, in the order in which they are made.</summary>
    /// <param name="owner">The Canary.</param>
    /// <param name="ports">What the proxies listen on.</param>
    /// <param name="settings">How they are run.</param>
    /// <param name="authorities">PEM certificates of those who may have signed the controller's.</param>
    /// <param name="budgets">The type of disruption budgets that the server has; null for none.</param>
    /// <param name="version6">Whether the Service has addresses of IPv6.</param>
    public static ImmutableArray<ProxyObject> Of(
        ProxyOwner owner, ProxyPorts ports, ProxySettings settings, string authorities, ResourceType? budgets, bool version6)
    {
        var key = new ObjectKey(owner.Namespace, owner.ProxyName);
        var all = ImmutableArray.CreateBuilder<ProxyObject>();
        all.Add(new(ServiceAccounts, key, new JsonObject { ["metadata"] = owner.Metadata(), ["automountServiceAccountToken"] = false }));
        all.Add(new(ConfigMaps, key, new JsonObject { ["metadata"] = owner.Metadata(), ["data"] = new JsonObject { [AuthorityKey] = authorities } }));
        if (budgets is not null)
            all.Add(new(budgets, key, new JsonObject { ["metadata"] = owner.Metadata(), ["spec"] = Budget(owner) }));
        all.Add(new(Deployments, key, new JsonObject { ["metadata"] = owner.Metadata(), ["spec"] = Deployment(owner, ports, settings, version6) }));
        return all.ToImmutable();
    }

    private static JsonObject Budget(ProxyOwner owner) => new()
    {
        ["maxUnavailable"] = 1,
        ["selector"] = new JsonObject { ["matchLabels"] = owner.Selector() },
    };

    private static JsonObject Deployment(ProxyOwner owner, ProxyPorts ports, ProxySettings settings, bool version6) => new()
    {
        ["replicas"] = settings.Replicas,
        ["revisionHistoryLimit"] = 2,
        ["selector"] = new JsonObject { ["matchLabels"] = owner.Selector() },
        // A new one serves before an old one goes.
        ["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = 1 } },
        ["template"] = ProxyPod.Template(owner, ports, settings, version6),
    };
}
