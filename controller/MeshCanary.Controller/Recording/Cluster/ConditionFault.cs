namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>Why a condition that should not hold does.</summary>
/// <param name="Reason">In one word.</param>
/// <param name="Message">In plain words, with what to do.</param>
internal sealed record ConditionFault(string Reason, string Message);
