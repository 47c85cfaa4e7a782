using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>A route of the user: its backends that lead to the Service are split, and nothing else in it is changed.</summary>
internal sealed class UserRoute(MeshWish wish, MeshView view, GatewayApiSpec spec, RouteTarget target)
{
    private readonly string _canary = wish.Manifest.Name;

    /// <summary>What is to be done next with it.</summary>
    public MeshStep Next(ArmSplit split)
    {
        if (view.Find(target.Kind, target.Key) is not { } route)
            return Wait($"{target}, which is not there");
        if (Rules(route) is not { } live)
            return Wait($"rules in {target}");
        var kept = KeptRoute.Read(route, _canary);
        if (Lost(live, kept) is { } lost)
            return Wait(lost);
        var rules = new RouteRules(target.Kind, split);
        var original = rules.Original(live, kept);
        if (!original.Any(rules.IsSplit))
            return Wait($"a backend of {target} that leads to Service {split.Service}{(split.Ports.IsEmpty ? "" : $" on port {string.Join(" or ", split.Ports)}")}");
        if (Shared(original, rules, route) is { } other)
            return Wait(other);
        var wanted = rules.Split(original, out var problem);
        // Traffic goes back whatever is wrong with what is to come.
        if (problem is not null && split.IsExposed)
            return Wait($"{problem}, in {target}");
        var step = Write(route, live, wanted, kept, split, [.. original.Where(rules.IsSplit).Select(rule => rule!["backendRefs"]!.AsArray())]);
        if (step is not null)
            return step;
        if (problem is not null && split.Canary is null)
            return Wait($"{problem}, in {target}");
        var report = new RouteStatus(spec, view).Read(route, kept!.Since);
        return new MeshStep { InForce = report.IsInForce, Waits = report.Waits, Proof = report.Proof, LookAgainAt = report.LookAgainAt };
    }

    /// <summary>The rules of a route; null when it has none.</summary>
    public static JsonArray? Rules(RawObject route) =>
        route.At("spec", "rules") is { ValueKind: JsonValueKind.Array } rules ? JsonArray.Create(rules.Clone()) : null;

    /// <summary>A patch that writes rules, and what is kept of what they were.</summary>
    /// <param name="route">The route as it was seen; the patch is refused when it is another by then.</param>
    /// <param name="rules">The rules; null for those that are there.</param>
    /// <param name="annotation">What is kept; null for nothing.</param>
    public static JsonPatch Patch(RawObject route, JsonArray? rules, string? annotation)
    {
        var patch = new JsonPatch().TestVersion(route.Metadata.ResourceVersion);
        var path = JsonPatch.Path("metadata", "annotations", KeptRoute.Annotation);
        var isKept = route.Metadata.Annotations?.ContainsKey(KeptRoute.Annotation) == true;
        if (annotation is not null && route.Metadata.Annotations is null)
            patch.Add("/metadata/annotations", new JsonObject { [KeptRoute.Annotation] = annotation });
        else if (annotation is not null)
            patch.Add(path, annotation);
        else if (isKept)
            patch.Remove(path);
        return rules is null ? patch : patch.Replace("/spec/rules", rules);
    }

    /// <summary>What to do about a route that leads to our arms while what it had is not known any more; null when it is.</summary>
    public string? Lost(JsonArray live, KeptRoute? kept)
    {
        var arms = wish.ArmServices.Values.ToHashSet(StringComparer.Ordinal);
        var ours = from rule in live
                   from backend in (rule as JsonObject)?["backendRefs"] as JsonArray ?? []
                   let service = Backends.ServiceOf(backend, target.Key.Namespace)
                   where service is not null && kept?.IsArm(service) != true && (arms.Contains(service) || ArmHost.IsNameOf(service, wish.Service.Name))
                   select service;
        return ours.FirstOrDefault() is { } arm
            ? $"the annotation {KeptRoute.Annotation} of {target}, which is lost although a backend is {arm}: write Service {wish.Service.Name} in place of its versions by hand"
            : null;
    }

    private MeshStep? Write(RawObject route, JsonArray live, JsonArray wanted, KeptRoute? kept, ArmSplit split, JsonArray[] backends)
    {
        var isThere = FilledIn.IsSame(live, wanted);
        var isPlanned = kept?.IsOf(split) == true;
        if (isThere && isPlanned && kept!.Backends.Length == backends.Length && kept.Backends.Zip(backends).All(pair => FilledIn.IsSame(pair.First, pair.Second)))
            return null;
        var written = new KeptRoute(isThere && kept is not null ? kept.Since : view.Now) { Stable = split.Stable, Canary = split.Canary, Weight = split.Weight, Backends = [.. backends] };
        return new MeshStep
        {
            Write = new MeshWrite.Patch(GatewayKinds.Served(target.Kind, view)!, target.Key, Patch(route, isThere ? null : wanted, KeptRoute.Write(route, _canary, written))),
            Waits = $"{target} to be written",
            Told = isPlanned && !isThere
                ? $"The backends were written by somebody else while Canary {_canary} splits them; they are as they were. Have your pipeline ignore spec.rules of this {target.Kind}."
                : null,
        };
    }

    // One rule cannot be split twice: the shares of both would be needed to find its own weights again.
    private string? Shared(JsonArray original, RouteRules rules, RawObject route)
    {
        foreach (var (other, kept) in KeptRoute.Others(route, _canary))
        {
            if (original.Where(rules.IsSplit).Any(rule => rule!["backendRefs"]!.AsArray().Any(one => kept.IsArm(Backends.ServiceOf(one, target.Key.Namespace)))))
                return $"a rule of its own for Service {wish.Service.Name} in {target}: one that leads there is split for Canary {other} already";
        }

        return null;
    }

    private static MeshStep Wait(string what) => new() { Waits = what };
}
