namespace MeshCanary.Controller.Api;

/// <summary>A proxy as the controller sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InstanceId">Its instance.</param>
/// <param name="Connected">Whether its stream is open.</param>
/// <param name="AcknowledgedVersion">Newest snapshot it acknowledged; 0 for none.</param>
/// <param name="Problem">Why it refused the newest one; null when it did not.</param>
public sealed record ProxyView(string Name, string InstanceId, bool Connected, long AcknowledgedVersion, string? Problem);
