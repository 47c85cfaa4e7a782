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
    public RouteTable Build(Snapshot snapshot, RouteTable before) => new(
        snapshot.Version,
        [.. snapshot.Routes.Select(route =>
        {
            before.TryFind(route.Name, out var known);
            return known is not null && known.Source.Equals(route) ? known : Entry(snapshot.Version, route, known);
        })]);

    private RouteEntry Entry(ulong version, Route route, RouteEntry? before)
    {
        var keys = Keys(route.Stickiness);
        var canary = route.Canary is null ? null : Target(route.Name, route.Canary, before, endings.Of(counters.Revision(route.Name, route.Canary.Revision)));
        return new RouteEntry(route)
        {
            Plan = new SplitPlan(new BasisPoints((int)route.CanaryWeight), [.. route.CanaryRules.Select(RuleTranslator.Translate)], salt: route.Name),
            Keys = keys,
            Stable = Target(route.Name, route.Stable, before, ending: null),
            Canary = canary,
            Draws = counters.Draw(route.Name, version, canary?.Revision ?? "", route.CanaryWeight),
            Visits = canary is null || keys.Name is null ? null : counters.Visit(route.Name, route.Stable.Revision, canary.Revision, keys.Name),
            Guard = guards.Prepare(route),
            Mirror = canary is null || route.Mirror is null
                ? null
                : new RequestMirror(MirrorSettings.Of(route.Mirror), canary, mirrors.Of(route.Name, canary.Revision), trustForwarded),
        };
    }

    private ArmTarget Target(string route, Contracts.V1.Arm arm, RouteEntry? before, ArmEnding? ending)
    {
        var known = before?.Arms.FirstOrDefault(known => known.Revision == arm.Revision);
        var counted = counters.Revision(route, arm.Revision);
        return new ArmTarget
        {
            Revision = arm.Revision,
            Endpoints = endpoints.Prepare(counted, arm),
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
