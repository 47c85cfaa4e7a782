namespace MeshCanary.Controller.Keeping;

/// <summary>Why a workload is not taken under control.</summary>
/// <param name="Code">In one word, for conditions and events.</param>
/// <param name="Message">What is wrong and how to mend it, in plain words.</param>
internal sealed record Obstacle(string Code, string Message);
