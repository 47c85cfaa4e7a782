using MeshCanary.Rollouts.Revisions;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>An arm beside the workload's home.</summary>
/// <param name="Revision">What it runs.</param>
/// <param name="Share">The share of all traffic that it has to be large enough for; null for "as large as it is": it only serves what it still has.</param>
/// <param name="Keeps">Whether it may not become smaller than it is: it served more before, and some of that may still be under way.</param>
public sealed record ArmPlan(Revision Revision, BasisPoints? Share, bool Keeps = false);
