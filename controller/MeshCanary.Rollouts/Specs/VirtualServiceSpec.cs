using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>A VirtualService of the user that leads to the Service.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Routes">Names of the HTTP routes in it that are changed; empty for all that lead to the Service, of TLS and TCP too.</param>
public sealed record VirtualServiceSpec(string Name, ImmutableArray<string> Routes);
