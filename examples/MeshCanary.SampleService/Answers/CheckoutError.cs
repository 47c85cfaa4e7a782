namespace MeshCanary.SampleService.Answers;

/// <summary>What a checkout service would answer when it fails.</summary>
/// <param name="Version">The version that answered.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record CheckoutError(string Version, string Error);
