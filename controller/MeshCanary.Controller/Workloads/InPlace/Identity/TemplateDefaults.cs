using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>What API servers add to a pod's spec that does not say it, and how they write what it does say.</summary>
internal static class TemplateDefaults
{
    /// <summary>Drops defaults and brings quantities to one form, in place.</summary>
    public static void Drop(JsonObject spec)
    {
        var hostNetwork = Is(spec["hostNetwork"], true);
        Without(spec, ("restartPolicy", "Always"), ("terminationGracePeriodSeconds", 30), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler"), ("enableServiceLinks", true));
        // The old name of the account is filled in beside the new one.
        if (TextOf(spec["serviceAccount"]) == TextOf(spec["serviceAccountName"]))
            spec.Remove("serviceAccount");
        foreach (var container in Items(spec, "containers").Concat(Items(spec, "initContainers")))
            DropOfContainer(container, hostNetwork);
        foreach (var volume in Items(spec, "volumes"))
            DropOfVolume(volume);
        foreach (var spread in Items(spec, "topologySpreadConstraints"))
            Without(spread, ("nodeAffinityPolicy", "Honor"), ("nodeTaintsPolicy", "Ignore"));
        Quantities(spec["overhead"] as JsonObject);
    }

    private static void DropOfContainer(JsonObject container, bool hostNetwork)
    {
        Without(container, ("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"));
        if (TextOf(container["imagePullPolicy"]) == DefaultPull(TextOf(container["image"])))
            container.Remove("imagePullPolicy");
        foreach (var port in Items(container, "ports"))
        {
            Without(port, ("protocol", "TCP"));
            if (hostNetwork && port["hostPort"] is { } host && JsonNode.DeepEquals(host, port["containerPort"]))
                port.Remove("hostPort");
        }

        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[name] is not JsonObject probe)
                continue;
            Without(probe, ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3));
            DropOfAction(probe);
        }

        if (container["lifecycle"] is JsonObject lifecycle)
        {
            foreach (var hook in lifecycle.Select(pair => pair.Value).OfType<JsonObject>())
                DropOfAction(hook);
        }

        foreach (var field in Items(container, "env").Select(variable => variable["valueFrom"]?["fieldRef"]).OfType<JsonObject>())
            Without(field, ("apiVersion", "v1"));
        foreach (var amount in Items(container, "env").Select(variable => variable["valueFrom"]?["resourceFieldRef"]).OfType<JsonObject>())
            Without(amount, ("divisor", "0"));
        if (container["resources"] is not JsonObject resources)
            return;
        Quantities(resources["limits"] as JsonObject);
        Quantities(resources["requests"] as JsonObject);
        DropCopiedRequests(resources);
    }

    private static void DropOfAction(JsonObject probe)
    {
        if (probe["httpGet"] is JsonObject get)
            Without(get, ("scheme", "HTTP"), ("path", "/"));
        if (probe["grpc"] is JsonObject grpc)
            Without(grpc, ("service", ""));
    }

    // A limit without a request is a request as well.
    private static void DropCopiedRequests(JsonObject resources)
    {
        if (resources["limits"] is not JsonObject limits || resources["requests"] is not JsonObject requests)
            return;
        foreach (var name in limits.Select(pair => pair.Key).Where(name => JsonNode.DeepEquals(limits[name], requests[name])).ToList())
            requests.Remove(name);
    }

    private static void DropOfVolume(JsonObject volume)
    {
        foreach (var name in (string[])["configMap", "secret", "downwardAPI", "projected"])
        {
            if (volume[name] is JsonObject source)
                Without(source, ("defaultMode", 420));
        }

        if (volume["emptyDir"] is JsonObject empty && TextOf(empty["sizeLimit"]) is { Length: > 0 } limit)
            empty["sizeLimit"] = Normal(limit);
        var parts = volume["projected"] is JsonObject projected ? Items(projected, "sources").ToList() : [];
        foreach (var token in parts.Select(part => part["serviceAccountToken"]).OfType<JsonObject>())
            Without(token, ("expirationSeconds", 3600));
        var downward = parts.Select(part => part["downwardAPI"]).Append(volume["downwardAPI"]).OfType<JsonObject>();
        foreach (var field in downward.SelectMany(api => Items(api, "items")).Select(item => item["fieldRef"]).OfType<JsonObject>())
            Without(field, ("apiVersion", "v1"));
    }

    private static string DefaultPull(string image)
    {
        var name = image.Split('@')[0];
        var tag = name.LastIndexOf(':') is var at && at > name.LastIndexOf('/') ? name[(at + 1)..] : "";
        return (tag.Length == 0 && !image.Contains('@', StringComparison.Ordinal)) || tag == "latest" ? "Always" : "IfNotPresent";
    }

    private static void Quantities(JsonObject? amounts)
    {
        foreach (var name in amounts?.Select(pair => pair.Key).ToList() ?? [])
            amounts![name] = Normal(TextOf(amounts[name]));
    }

    private static string Normal(string quantity)
    {
        try
        {
            return new ResourceQuantity(quantity).ToDecimal().ToString("0.#########", CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            return quantity;
        }
    }

    private static void Without(JsonObject map, params ReadOnlySpan<(string Name, JsonNode Value)> defaults)
    {
        foreach (var (name, value) in defaults)
        {
            if (map[name] is { } there && JsonNode.DeepEquals(there, value))
                map.Remove(name);
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject map, string name) => (map[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "";

    private static bool Is(JsonNode? node, bool value) => node is JsonValue known && known.TryGetValue<bool>(out var there) && there == value;
}
