using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>The route that is made for a Canary, attached to the Gateways or Services that its spec names.</summary>
internal sealed class OwnRoute(MeshWish wish, MeshView view, GatewayApiSpec spec, RouteTarget target)
{
    /// <summary>What is to be done next with it.</summary>
    public MeshStep Next(ArmSplit split)
    {
        var route = view.Find(target.Kind, target.Key);
        if (route is not null && !IsOf(route, wish.Manifest))
            return Wait($"{target} to go, which somebody else made, or to carry the annotation {ApiNames.CanaryAnnotation}: {wish.Manifest.Name}");
        if (wish.Ports.Length != 1)
            return Wait($"spec.service.ports to name one port, to which {target} is to lead; Service {wish.Service.Name} has {wish.Ports.Length}");
        var rules = new RouteRules(target.Kind, split).Split(Unsplit(), out var problem);
        if (problem is not null && split.IsExposed)
            return Wait($"{problem}, in {target}");
        var kept = route is null ? null : KeptRoute.Read(route, wish.Manifest.Name);
        var isPlanned = kept?.IsOf(split) == true;
        if (!isPlanned || !IsWritten(Body(rules, split, kept!.Since), route!))
        {
            return new MeshStep
            {
                Write = new MeshWrite.Apply(GatewayKinds.Served(target.Kind, view)!, target.Key, Body(rules, split, view.Now)),
                Waits = $"{target} to be written",
                Told = isPlanned && !HasRules(route!, rules) ? $"It was written by somebody else; it is Canary {wish.Manifest.Name}'s, and as that says again." : null,
            };
        }

        if (problem is not null && split.Canary is null)
            return Wait($"{problem}, in {target}");
        var report = new RouteStatus(spec, view).Read(route!, kept!.Since);
        return new MeshStep { InForce = report.IsInForce, Waits = report.Waits, Proof = report.Proof, LookAgainAt = report.LookAgainAt };
    }

    /// <summary>Whether a route is the one that is, or was, made for a Canary.</summary>
    public static bool IsOf(RawObject route, CanaryManifest manifest) =>
        ObjectKey.Of(route) == RouteTarget.Own(manifest)
        && route.Metadata.Annotations?.TryGetValue(ApiNames.CanaryAnnotation, out var canary) == true && canary == manifest.Name;

    private static bool IsWritten(JsonObject body, RawObject route) =>
        JsonDifference.IsCovered(FilledIn.Without(body)!, FilledIn.Without(JsonObject.Create(route.Json))!);

    // All fields but the group are written that the API server would fill in: lists are compared as a whole.
    private JsonArray Unsplit()
    {
        var rule = new JsonObject
        {
            ["backendRefs"] = new JsonArray(new JsonObject { ["kind"] = "Service", ["name"] = wish.Service.Name, ["port"] = wish.Ports[0], ["weight"] = 1 }),
        };
        if (target.Kind == GatewayKinds.HttpRoute)
            rule["matches"] = new JsonArray(new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" } });
        return [rule];
    }

    private JsonObject Body(JsonArray rules, ArmSplit split, DateTimeOffset since)
    {
        var kept = new KeptRoute(since) { Stable = split.Stable, Canary = split.Canary, Weight = split.Weight, Backends = [Unsplit()[0]!["backendRefs"]!.AsArray()] };
        var written = new JsonObject
        {
            ["parentRefs"] = new JsonArray([.. spec.ParentRefs.Select(Parent)]),
            ["rules"] = rules.DeepClone(),
        };
        if (!spec.Hostnames.IsEmpty)
            written["hostnames"] = new JsonArray([.. spec.Hostnames.Select(host => (JsonNode)host)]);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "meshcanary" },
                ["annotations"] = new JsonObject
                {
                    [ApiNames.CanaryAnnotation] = wish.Manifest.Name,
                    [KeptRoute.Annotation] = KeptRoute.Write(null, wish.Manifest.Name, kept),
                },
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = ApiNames.GroupVersion,
                    ["kind"] = ApiNames.Canary,
                    ["name"] = wish.Manifest.Name,
                    ["uid"] = wish.Uid,
                    ["controller"] = true,
                }),
            },
            ["spec"] = written,
        };
    }

    private static JsonObject Parent(GatewayParentSpec parent)
    {
        var json = new JsonObject
        {
            ["group"] = parent.Kind == GatewayKinds.Gateway ? GatewayKinds.Group : "",
            ["kind"] = parent.Kind,
            ["name"] = parent.Name,
        };
        if (parent.Namespace is not null)
            json["namespace"] = parent.Namespace;
        if (parent.SectionName is not null)
            json["sectionName"] = parent.SectionName;
        if (parent.Port is not null)
            json["port"] = parent.Port;
        return json;
    }

    private static bool HasRules(RawObject route, JsonArray rules) => FilledIn.IsSame(UserRoute.Rules(route), rules);

    private static MeshStep Wait(string what) => new() { Waits = what };
}
