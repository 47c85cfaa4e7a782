using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>The VirtualService that MeshCanary makes where the user names none. Pure.</summary>
internal static class OwnRoute
{
    // As Istio tells protocols by the beginning of a port's name, or by appProtocol.
    private static readonly ImmutableHashSet<string> Streams = ["tcp", "tls", "https", "mongo", "mysql", "redis"];

    /// <summary>Where it is.</summary>
    public static ObjectKey KeyOf(CanaryManifest manifest) => new(manifest.Namespace, $"{manifest.Name}-meshcanary");

    /// <summary>Whether an object is one that was made for a Canary.</summary>
    public static bool IsOf(RawObject seen, string uid) => seen.Metadata.OwnerReferences?.Any(owner => owner.Uid == uid) == true;

    /// <summary>It as it should be; with no split it leads to the Service itself.</summary>
    /// <param name="wish">What is wanted.</param>
    /// <param name="hosts">Which hosts are meant.</param>
    /// <param name="split">The split; null for none.</param>
    /// <param name="problem">Why it cannot be; null when it can.</param>
    public static JsonObject Body(MeshWish wish, HostNames hosts, IstioSplit? split, out string? problem)
    {
        var settings = wish.Manifest.Spec.Istio!;
        var spec = new JsonObject { ["hosts"] = new JsonArray([.. settings.Hosts.Prepend(wish.Service.Name).Distinct(StringComparer.Ordinal).Select(host => (JsonNode?)host)]) };
        if (!settings.Gateways.IsEmpty)
            spec["gateways"] = new JsonArray([.. settings.Gateways.Select(gateway => (JsonNode?)gateway)]);
        var (http, streams) = (wish.ServicePorts.Where(port => !IsStream(port)).ToList(), wish.ServicePorts.Where(port => port.IsSplit && IsStream(port)).ToList());
        var splitting = split is null ? null : new SplitRoutes(hosts, split, $"meshcanary-{wish.Manifest.Name}-");
        var meant = http.Where(port => port.IsSplit).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        if (http.Count > 0)
        {
            var routes = new JsonArray([.. http.Select(port => Http(port, wish, settings))]);
            spec["http"] = splitting?.Http(routes, route => meant.Contains(route!["name"]!.GetValue<string>())) ?? routes;
        }

        if (streams.Count > 0)
        {
            var routes = new JsonArray([.. streams.Select(port => (JsonNode?)new JsonObject { ["match"] = new JsonArray(new JsonObject { ["port"] = port.Number }), ["route"] = new JsonArray(To(port, wish)) })]);
            spec["tcp"] = splitting?.Streams(routes, _ => true) ?? routes;
        }

        problem = splitting?.Problem ?? (meant.Count + streams.Count == 0 ? $"Service {hosts.Service} has no port that is split; mend spec.service.ports of the Canary" : null);
        return new JsonObject { ["metadata"] = Metadata(wish, $"{split?.ToString() ?? "none"} {Hash(spec)}"), ["spec"] = spec };
    }

    /// <summary>The metadata of an object that is made for a Canary.</summary>
    /// <param name="wish">For whom.</param>
    /// <param name="plan">What for: it is noted, so that a change of mind is told from somebody else's.</param>
    public static JsonObject Metadata(MeshWish wish, string plan) => new()
    {
        ["labels"] = new JsonObject { [InPlaceNames.CanaryLabel] = wish.Manifest.Name },
        ["annotations"] = new JsonObject { [ApiNames.RoutePlanAnnotation] = plan },
        ["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = ApiNames.GroupVersion,
            ["kind"] = ApiNames.Canary,
            ["name"] = wish.Manifest.Name,
            ["uid"] = wish.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = false,
        }),
    };

    /// <summary>What tells one text of a spec from another.</summary>
    public static string Hash(JsonNode spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.ToJsonString())))[..8];

    /// <summary>What an object of ours was written for; null when it does not say.</summary>
    public static string? PlanOf(RawObject seen) => seen.Metadata.Annotations?.TryGetValue(ApiNames.RoutePlanAnnotation, out var plan) == true ? plan : null;

    private static JsonObject Http(MeshPort port, MeshWish wish, IstioSpec settings)
    {
        var route = new JsonObject { ["name"] = NameOf(port) };
        if (wish.ServicePorts.Length > 1)
            route["match"] = new JsonArray(new JsonObject { ["port"] = port.Number });
        if (settings.Http.Length > 0)
        {
            foreach (var (field, value) in JsonNode.Parse(settings.Http)!.AsObject())
                route[field] = value?.DeepClone();
        }

        route["route"] = new JsonArray(To(port, wish));
        return route;
    }

    private static JsonObject To(MeshPort port, MeshWish wish) => new()
    {
        ["destination"] = new JsonObject { ["host"] = wish.Service.Name, ["port"] = new JsonObject { ["number"] = port.Number } },
    };

    private static string NameOf(MeshPort port) => string.Create(CultureInfo.InvariantCulture, $"port-{port.Number}");

    private static bool IsStream(MeshPort port) => Streams.Contains((port.Protocol.Length > 0 ? port.Protocol : port.Name.Split('-')[0]).ToLowerInvariant());
}
