namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>What a provider was asked.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Its header fields, by lower-case name.</param>
/// <param name="Body">Its body, or empty.</param>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
