using System.Collections.Immutable;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Traffic;

/// <summary>How far a plan is in force, and the proxies that this was read from in the same look: neither is newer than the other.</summary>
/// <param name="Traffic">What decisions rest on.</param>
/// <param name="Proxies">What people see.</param>
internal sealed record TrafficSight(TrafficObservation Traffic, ImmutableArray<ProxyView> Proxies);
