using System.Collections.Immutable;
using MeshCanary.Controller.Traffic.Meshes.Pinning;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What is seen of one Canary's traffic, and what follows from it.</summary>
/// <param name="Arms">The Services of its revisions.</param>
/// <param name="Routed">Those of them that requests should be sent to.</param>
/// <param name="Pin">What is next with the Service that clients call.</param>
/// <param name="Step">What is next with the routes; null while what there is has yet to be seen.</param>
internal sealed record MeshSight(ImmutableArray<ArmHost> Arms, ImmutableArray<ArmHost> Routed, PinStep Pin, MeshStep? Step)
{
    /// <summary>Whether routes and Service are as they should be.</summary>
    public bool IsInForce => Step is { InForce: true, Write: null } && Pin.Waits is null;

    /// <summary>What is waited for; null when nothing is.</summary>
    public string? Waits => Pin.Waits ?? (Step is null ? "the routes to be seen" : Step.Waits ?? (IsInForce ? null : "the routes to be in force"));
}
