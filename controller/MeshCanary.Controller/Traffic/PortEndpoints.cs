using System.Collections.Immutable;

namespace MeshCanary.Controller.Traffic;

/// <summary>Where the requests of one port go.</summary>
/// <param name="Port">The port that the proxy takes them by.</param>
/// <param name="IsSplit">Whether the canary gets its share of them; otherwise all go to stable, and count for nothing.</param>
/// <param name="Stable">Where stable's requests go.</param>
/// <param name="Canary">Where the canary's requests go; empty without one.</param>
internal sealed record PortEndpoints(int Port, bool IsSplit, ImmutableArray<string> Stable, ImmutableArray<string> Canary);
