namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>What requests to Amazon are signed with.</summary>
/// <param name="Id">Name of the key.</param>
/// <param name="Secret">The key itself.</param>
/// <param name="Session">What goes along with a key that is lent for a time; null for a key that stays.</param>
internal sealed record AwsKeys(string Id, string Secret, string? Session);
