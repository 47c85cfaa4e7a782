using MeshCanary.Rollouts.Deciding;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>A Canary's route as it is in a snapshot, with the plan that it stands for.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Route">The route; never changed after it is in here.</param>
internal sealed record PublishedRoute(TrafficPlan Plan, Wire.Route Route);
