using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Reconciling;

/// <summary>What is wanted of a Canary from now on.</summary>
/// <param name="Manifest">What is written now; null when the Canary is to be removed.</param>
internal sealed record CanaryWish(CanaryManifest? Manifest);
