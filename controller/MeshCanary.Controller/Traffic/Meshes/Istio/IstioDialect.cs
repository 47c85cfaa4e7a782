using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>
/// Istio: VirtualServices lead to the Services of versions by weight, by rules and by cookies. One call at a time, each found anew from
/// what is seen: first what the Services of versions need, then the routes that the user named, or one of ours, and last what
/// nothing needs any more. Pure.
/// </summary>
internal sealed class IstioDialect : IMeshDialect
{
    private const string Kind = "VirtualService";

    /// <inheritdoc/>
    public string Name => "istio";

    /// <inheritdoc/>
    public ImmutableArray<ResourceChoice> Kinds { get; } = [ResourceChoice.VirtualServices, ResourceChoice.DestinationRules];

    /// <inheritdoc/>
    public MeshStep Next(MeshWish wish, MeshView view)
    {
        var settings = wish.Manifest.Spec.Istio ?? new IstioSpec();
        var named = wish.Plan is null ? [] : settings.VirtualServices;
        if (view.TypeOf(ResourceChoice.VirtualServices) is not { } type)
        {
            return wish.Plan is null
                ? new MeshStep { InForce = true, Proof = "Istio is not installed" }
                : new MeshStep { Waits = "Istio to be installed: the API server does not serve virtualservices.networking.istio.io" };
        }

        var hosts = new HostNames(wish.Service.Name, wish.Service.Namespace);
        var all = view.Objects.Where(seen => seen.Kind == Kind).ToImmutableArray();
        var rules = view.TypeOf(ResourceChoice.DestinationRules) is { } ruleType
            ? new ArmRules(wish, hosts, ruleType, [.. view.Objects.Where(seen => seen.Kind == "DestinationRule")])
            : null;
        var at = new Place(wish, view, type, hosts, all);
        if (wish.Plan is null)
            return GivenBack(at, rules);
        // Before anything is known of stable whatever is there stays.
        if (IstioSplit.Of(wish) is not { } split)
            return new MeshStep { Routes = Math.Max(1, named.Length), Waits = "pods of the stable version to be ready behind its Service" };
        if (rules?.Missing() is { } rule)
            return new MeshStep { Routes = Math.Max(1, named.Length), Write = rule };
        var step = named.IsEmpty ? Own(at, split) : Named(at, named, split);
        if (step.Write is not null || step.Waits is not null)
            return step;
        if (Left(at, named) is { } left)
            return step with { Write = left, InForce = false };
        if (rules?.Spare() is { } spare)
            return step with { Write = spare };
        return wish.Plan.CanaryWeight.Value > 0 && split.Canary is null
            ? step with { InForce = false, RoutesInForce = 0, Waits = "pods of the new version to be ready behind its Service" }
            : step;
    }

    private static MeshStep Named(Place at, ImmutableArray<VirtualServiceSpec> named, IstioSplit split)
    {
        var seen = named.Select(one => (Spec: one, Seen: at.Find(one.Name))).ToList();
        var step = new MeshStep { Routes = named.Length };
        if (seen.FirstOrDefault(one => one.Seen is null) is { Spec: { } missing })
            return step with { Waits = $"VirtualService {missing.Name}, which is not in the namespace; make it, or correct spec.router.istio.virtualServices" };
        var edits = seen.Select(one => VirtualServiceEdit.Split(one.Seen!, at.Wish.Manifest.Name, at.Hosts, split, one.Spec)).ToList();
        if (edits.FirstOrDefault(edit => edit.Problem is not null) is { } faulty)
            return step with { Waits = $"VirtualService {faulty.Name} to be mended: {faulty.Problem}" };
        if (edits.FirstOrDefault(edit => !edit.IsDone) is { } edit)
            return step with { Write = new MeshWrite.Patch(at.Type, at.KeyOf(edit.Name), edit.Patch()), Told = edit.Told, RoutesInForce = edits.TakeWhile(one => one.IsDone).Count() };
        return Reported(step, [.. seen.Select(one => one.Seen!)], at);
    }

    private static MeshStep Own(Place at, IstioSplit split)
    {
        var step = new MeshStep { Routes = 1 };
        var (key, body) = (OwnRoute.KeyOf(at.Wish.Manifest), OwnRoute.Body(at.Wish, at.Hosts, split, out var problem));
        if (problem is not null)
            return step with { Waits = problem };
        if (Rival(at) is { } rival)
            return step with { Waits = $"the host {at.Hosts.Service}, which VirtualService {rival.Metadata.Name} has already: of two for one host Istio takes one; name it in spec.router.istio.virtualServices" };
        var seen = at.Find(key.Name);
        if (seen is not null && !OwnRoute.IsOf(seen, at.Wish.Uid))
            return step with { Waits = $"the name of VirtualService {key.Name}, which is somebody else's; rename or delete it" };
        if (seen is not null && JsonDifference.IsCovered(body, seen))
            return Reported(step, [seen], at);
        var plan = body["metadata"]!["annotations"]![Crds.ApiNames.RoutePlanAnnotation]!.GetValue<string>();
        var told = seen is not null && OwnRoute.PlanOf(seen) == plan
            ? $"VirtualService {key.Name}, which Canary {at.Wish.Manifest.Name} owns, was written by somebody else; it is as it should be again. Write your own one, and name it in spec.router.istio.virtualServices."
            : null;
        return step with { Write = new MeshWrite.Apply(at.Type, key, body), Told = told };
    }

    // One for the same host that the sidecars have as well.
    private static RawObject? Rival(Place at) => at.All.FirstOrDefault(seen =>
        !OwnRoute.IsOf(seen, at.Wish.Uid)
        && Texts(seen, "hosts").Any(at.Hosts.IsService)
        && (Texts(seen, "gateways") is not { Count: > 0 } gateways || gateways.Contains("mesh")));

    private static MeshStep Reported(MeshStep step, ImmutableArray<RawObject> routes, Place at)
    {
        var settings = at.Wish.Manifest.Spec.Istio ?? new IstioSpec();
        var reports = routes.Select(route => IstioReport.Of(route, at.View, settings.Propagation)).ToList();
        var waiting = reports.Where(report => !report.InForce).ToList();
        return step with
        {
            RoutesInForce = reports.Count - waiting.Count,
            InForce = waiting.Count == 0,
            Waits = waiting.Count == 0 ? null : waiting[0].Text,
            Proof = waiting.Count == 0 ? string.Join("; ", reports.Select(report => report.Text)) : null,
            LookAgainAt = waiting.Select(report => report.LookAgainAt).Where(time => time is not null).Min(),
        };
    }

    // What was changed, or made, for an earlier form of the spec.
    private static MeshWrite? Left(Place at, ImmutableArray<VirtualServiceSpec> named)
    {
        foreach (var seen in at.All.Where(seen => MayBeChanged(seen, at.Wish.Uid) && named.All(one => one.Name != seen.Metadata.Name)))
        {
            var edit = VirtualServiceEdit.Restore(seen, at.Wish.Manifest.Name, at.Hosts);
            if (!edit.IsDone)
                return new MeshWrite.Patch(at.Type, ObjectKey.Of(seen), edit.Patch());
        }

        return !named.IsEmpty && at.Find(OwnRoute.KeyOf(at.Wish.Manifest).Name) is { } own && OwnRoute.IsOf(own, at.Wish.Uid)
            ? new MeshWrite.Delete(at.Type, ObjectKey.Of(own), own.Metadata.Uid)
            : null;
    }

    // By its note, or by a destination of ours where somebody took the note away.
    private static bool MayBeChanged(RawObject seen, string uid) => !OwnRoute.IsOf(seen, uid)
        && (seen.Metadata.Annotations?.ContainsKey(Crds.ApiNames.OriginalRoutesAnnotation) == true
            || seen.At("spec") is { } spec && spec.GetRawText().Contains("-mc-", StringComparison.Ordinal));

    // Routes first, back to the Service; what is ours goes when nothing uses it any more.
    private static MeshStep GivenBack(Place at, ArmRules? rules)
    {
        if (Left(at, []) is { } left)
            return new MeshStep { Write = left };
        var own = at.Find(OwnRoute.KeyOf(at.Wish.Manifest).Name) is { } seen && OwnRoute.IsOf(seen, at.Wish.Uid) ? seen : null;
        if (own is not null)
        {
            var body = OwnRoute.Body(at.Wish, at.Hosts, null, out _);
            if (!JsonDifference.IsCovered(body, own))
                return new MeshStep { Write = new MeshWrite.Apply(at.Type, ObjectKey.Of(own), body) };
        }

        // Whichever it was: proxies have to have heard of it before Services of versions go.
        var settings = at.Wish.Manifest.Spec.Istio ?? new IstioSpec();
        var fresh = at.All.Where(one => one.At("spec") is { } spec && spec.GetRawText().Contains(at.Hosts.Service, StringComparison.Ordinal))
            .Select(one => IstioReport.Of(one, at.View, settings.Propagation)).Where(report => !report.InForce && report.LookAgainAt is not null).ToList();
        if (fresh.Count > 0)
            return new MeshStep { Waits = fresh[0].Text, LookAgainAt = fresh.Min(report => report.LookAgainAt) };
        if (own is not null)
            return new MeshStep { Write = new MeshWrite.Delete(at.Type, ObjectKey.Of(own), own.Metadata.Uid) };
        return rules?.Spare() is { } spare ? new MeshStep { Write = spare } : new MeshStep { InForce = true, Proof = "all routes are as their owners wrote them" };
    }

    private static IReadOnlyList<string> Texts(RawObject seen, string field) => seen.At("spec", field) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private sealed record Place(MeshWish Wish, MeshView View, ResourceType Type, HostNames Hosts, ImmutableArray<RawObject> All)
    {
        public RawObject? Find(string name) => All.FirstOrDefault(seen => seen.Metadata.Name == name && seen.Metadata.DeletionTimestamp is null);

        public ObjectKey KeyOf(string name) => new(Wish.Manifest.Namespace, name);
    }
}
