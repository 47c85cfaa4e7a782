namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>A port of the Service that clients call.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name; empty without one.</param>
/// <param name="Protocol">What is spoken there, as <c>appProtocol</c> says; empty where it does not.</param>
/// <param name="IsSplit">Whether the canary gets its share of what comes by it.</param>
internal sealed record MeshPort(int Number, string Name, string Protocol, bool IsSplit);
