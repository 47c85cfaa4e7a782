using System.Collections.Immutable;

namespace MeshCanary.Controller.Api;

/// <summary>Body of <c>POST /api/v1/canaries/{namespace}/{name}/revisions</c>: announces the version that should run.</summary>
/// <param name="Revision">Name of the revision; null derives one from the addresses.</param>
/// <param name="Addresses">Absolute http(s) addresses of its endpoints.</param>
public sealed record RevisionRequest(string? Revision, ImmutableArray<string> Addresses);
