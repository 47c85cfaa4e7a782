using System.Collections.Immutable;

namespace MeshCanary.Controller.Api;

/// <summary>How the controller is.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c>: it works as far as it can.</param>
/// <param name="Problems">What is wrong, in plain words.</param>
internal sealed record HealthView(string Status, ImmutableArray<string> Problems);
