namespace MeshCanary.Proxy.Routing;

/// <summary>The arm that serves a request.</summary>
/// <param name="Target">The arm.</param>
/// <param name="Diverted">Whether the canary was meant, but had no ready endpoint.</param>
internal readonly record struct ArmPick(ArmTarget Target, bool Diverted);
