using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Mirroring;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Keys;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Builds the table of a valid snapshot. What a snapshot does not change is taken over from the table before.</summary>
internal sealed class RouteTableBuilder(
    EndpointBoard endpoints, CounterBook counters, CanaryEndings endings, GuardBook guards, MirrorBook mirrors, bool trustForwarded)
{
    public RouteTable Build(Snapshot snapshot, RouteTable before)
    {
        Dictionary<string, RouteEntry> made = new(StringComparer.Ordinal);
        return new RouteTable(snapshot.Version, [.. snapshot.Routes.Select(route =>
        {
            if (before.TryFind(route.Name, (int)route.Port, out var known) && known.Source.Equals(route))
                return known;
            // Limits are an arm's, whatever ports it serves.
            if (!before.TryFind(route.Name, out known))
                made.TryGetValue(route.Name, out known);
            return made[route.Name] = Entry(snapshot.Version, route, known);
        })]);
    }

    private RouteEntry Entry(ulong version, Route route, RouteEntry? before)
    {
        var keys = Keys(route.Stickiness);
        var canary = route.Canary is null ? null : Target(route, route.Canary, before, endings.Of(counters.Revision(route.Name, route.Canary.Revision)));
        return new RouteEntry(route)
        {
            Plan = new SplitPlan(new BasisPoints((int)route.CanaryWeight), [.. route.CanaryRules.Select(RuleTranslator.Translate)], salt: route.Name),
            Keys = keys,
            Stable = Target(route, route.Stable, before, ending: null),
            Canary = canary,
            Draws = counters.Draw(route.Name, version, canary?.Revision ?? "", route.CanaryWeight),
            Visits = canary is null || keys.Name is null ? null : counters.Visit(route.Name, route.Stable.Revision, canary.Revision, keys.Name),
            Guard = guards.Prepare(route),
            Mirror = canary is null || route.Mirror is null
                ? null
                : new RequestMirror(MirrorSettings.Of(route.Mirror), canary, mirrors.Of(route.Name, canary.Revision), trustForwarded),
        };
    }

    private ArmTarget Target(Route route, Contracts.V1.Arm arm, RouteEntry? before, ArmEnding? ending)
    {
        var known = before?.Arms.FirstOrDefault(known => known.Revision == arm.Revision);
        var counted = counters.Revision(route.Name, arm.Revision);
        return new ArmTarget
        {
            Revision = arm.Revision,
            Endpoints = endpoints.Prepare(counted, arm, route.Port),
            Counters = counted,
            RequestHeaders = HeaderRules.Of(arm.RequestHeaders),
            ResponseHeaders = HeaderRules.Of(arm.ResponseHeaders),
            Cap = arm.MaxConcurrentRequests == 0 ? null : new ConcurrencyCap(arm.MaxConcurrentRequests, known?.Cap),
            Ending = ending,
        };
    }

    private UserKeySource Keys(Stickiness? stickiness) => stickiness?.KeyCase switch
    {
        Stickiness.KeyOneofCase.Cookie => new UserKeySource(stickiness.Cookie, Header: null)
        {
            Signer = stickiness.SigningKeys.Count == 0 ? null : new SignedKey(SigningKeys.Translate(stickiness)),
            CookieSeconds = stickiness.CookieSeconds,
            TrustForwarded = trustForwarded,
        },
        Stickiness.KeyOneofCase.Header => new UserKeySource(Cookie: null, stickiness.Header),
        _ => UserKeySource.None,
    };
}
