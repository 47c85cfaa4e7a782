using System.Collections.Immutable;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Traffic;

/// <summary>Everything that a router needs to bring a Canary's traffic where it should be: a function of what is stored.</summary>
/// <param name="Canary">What was written.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="Keys">What signs cookies, in the order of the protocol; empty for unsigned ones.</param>
/// <param name="Budget">What the run may still expose; null for no limit.</param>
/// <param name="Stable">Where stable's requests go.</param>
/// <param name="CanaryEndpoints">Where the canary's requests go; empty without one.</param>
internal sealed record RouteOrder(
    CanaryManifest Canary, TrafficPlan Plan, ImmutableArray<CookieKey> Keys, ExposureLedger? Budget, ImmutableArray<string> Stable, ImmutableArray<string> CanaryEndpoints)
{
    /// <summary>Where requests go by the port that they come by, as the workload sees it; empty where all ports are one.</summary>
    public ImmutableArray<PortEndpoints> Ports { get; init; } = [];

    /// <summary>Whether clients may be led to proxies: the adoption is over, and the release has not begun.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Whether the Canary is to go: everything is to be given back soon.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The order for a Canary as it is stored, and its endpoints as they are seen.</summary>
    public static RouteOrder For(CanaryRecord record, WorkloadSight workload) => For(record, TrafficPlan.For(record.Status), workload);

    private static RouteOrder For(CanaryRecord record, TrafficPlan plan, WorkloadSight workload) => new(
        record.Manifest,
        plan,
        record.Manifest.Spec.Strategy.Stickiness is { IsSigned: true } ? record.CookieKeys : [],
        // What is decided on is not held back: a promotion moves all there is.
        record.Status.Phase is Phase.Progressing or Phase.Paused ? record.Exposure : null,
        workload.AddressesOf(plan.Stable),
        plan.Canary is { } canary ? workload.AddressesOf(canary) : [])
    {
        IsAdopted = record.Status.Phase is not (Phase.Adopting or Phase.Releasing),
        IsLeaving = record.Status.Phase is Phase.Releasing,
    };
}
