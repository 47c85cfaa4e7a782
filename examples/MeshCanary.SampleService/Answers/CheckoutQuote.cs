namespace MeshCanary.SampleService.Answers;

/// <summary>What a checkout service would answer.</summary>
/// <param name="Version">The version that answered.</param>
/// <param name="Order">The order quoted for.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="TotalCents">What they cost.</param>
/// <param name="Currency">In what currency.</param>
internal sealed record CheckoutQuote(string Version, string Order, int Items, long TotalCents, string Currency);
