using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What became of reading credentials. Never logged.</summary>
/// <param name="Values">The values by key; null when they cannot be read.</param>
/// <param name="Fault">Why not, without any of them; null when they can.</param>
internal sealed record CredentialsFound(ImmutableDictionary<string, string>? Values, string? Fault);
