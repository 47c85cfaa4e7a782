namespace MeshCanary.Controller.Api;

/// <summary>One proxy's circuit of the canary.</summary>
/// <param name="Proxy">The proxy's name.</param>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>halfOpen</c>.</param>
/// <param name="Openings">How often it opened for this version.</param>
public sealed record CircuitView(string Proxy, string State, long Openings);
