using System.Collections.Immutable;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Recording;

/// <summary>Everything that is kept of one Canary: what a restart goes on from. Immutable.</summary>
internal sealed record CanaryRecord
{
    /// <summary>The Canary as it was last controlled.</summary>
    public required CanaryManifest Manifest { get; init; }

    /// <summary>Where its rollout stands.</summary>
    public required RolloutStatus Status { get; init; }

    /// <summary>The revision that should run: the newest one announced.</summary>
    public required Revision Announced { get; init; }

    /// <summary>Analysis of the run in flight, or of the last one; null before the first.</summary>
    public RunAnalysis? Analysis { get; init; }

    /// <summary>Last report of each proxy instance whose counts are in <see cref="Analysis"/>, or were before its run began.</summary>
    public ImmutableDictionary<string, long> Folded { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>What the run in flight may expose, or the last one might; null where nothing is limited.</summary>
    public ExposureLedger? Exposure { get; init; }

    /// <summary>What signs the cookies of users, the key that signs first; empty where they are not signed.</summary>
    public ImmutableArray<CookieKey> CookieKeys { get; init; } = [];

    /// <summary><c>namespace/name</c>.</summary>
    public string Key => Manifest.Key;
}
