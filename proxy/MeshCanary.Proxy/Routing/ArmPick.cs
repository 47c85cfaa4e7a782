using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Routing;

/// <summary>The arm that serves a request.</summary>
/// <param name="Target">The arm.</param>
/// <param name="Diverted">Whether the canary was meant, but had no ready endpoint.</param>
/// <param name="FirstVisit">Where to count, beside the arm, that a user's first request ended; null for any other request.</param>
internal readonly record struct ArmPick(ArmTarget Target, bool Diverted, OutcomeCells? FirstVisit);
