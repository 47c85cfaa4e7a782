using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>What is asked of a workload.</summary>
/// <param name="Plan">Which pods there should be.</param>
/// <param name="Deployment">How its Deployment is held and given back.</param>
/// <param name="Releasing">Whether everything is to be given back: the plan's home stays, and nothing of ours does.</param>
internal sealed record InPlaceOrder(WorkloadPlan Plan, DeploymentSpec Deployment, bool Releasing = false);
