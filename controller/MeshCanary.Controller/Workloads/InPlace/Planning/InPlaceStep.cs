using MeshCanary.Controller.Workloads.InPlace.Calls;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>What is to be done next.</summary>
/// <param name="Call">The one call that is next; null for nothing, be it that all is as it should be or that something is waited for.</param>
/// <param name="Problem">What keeps the workload from its plan, in plain words; null while nothing does.</param>
/// <param name="IsReached">Whether all is as it was asked for.</param>
internal sealed record InPlaceStep(InPlaceCall? Call, string? Problem = null, bool IsReached = false);
