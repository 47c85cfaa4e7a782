namespace MeshCanary.Proxy.Routing;

/// <summary>One place that a route serves.</summary>
/// <param name="Host">Host name without port, <c>*.suffix</c>, or null for any host.</param>
/// <param name="Prefix">Path prefix in its normal form.</param>
/// <param name="Entry">The route.</param>
internal readonly record struct RoutePlace(string? Host, string Prefix, RouteEntry Entry);
