using System.Collections.Immutable;

namespace MeshCanary.Controller.Workloads;

/// <summary>By what others tell the pods of a revision.</summary>
/// <param name="ReplicaSets">Names of the ReplicaSets that run or ran it: those of its pods begin with one of them.</param>
/// <param name="Services">Names of the Services that lead to it alone.</param>
internal sealed record RevisionPods(ImmutableArray<string> ReplicaSets, ImmutableArray<string> Services);
