using System.Collections.Immutable;
using MeshCanary.Rollouts.Deciding;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>A Canary's routes as they are in a snapshot, with the plan that they stand for.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Routes">The routes, several where it has several ports; never changed after they are in here.</param>
internal sealed record PublishedRoute(TrafficPlan Plan, ImmutableArray<Wire.Route> Routes)
{
    /// <summary>One route for all ports.</summary>
    public PublishedRoute(TrafficPlan plan, Wire.Route route)
        : this(plan, [route])
    {
    }

    /// <summary>Whether proxies do the same by both.</summary>
    public bool IsSame(PublishedRoute other) => Routes.SequenceEqual(other.Routes);

    /// <inheritdoc/>
    public bool Equals(PublishedRoute? other) => other is not null && Plan == other.Plan && IsSame(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Plan, Routes.Length);
}
