namespace MeshCanary.Proxy.Upstreams;

/// <summary>What an upstream sent is no HTTP/1.1 response, or one whose end nobody can be sure of.</summary>
internal sealed class MalformedResponseException(string message) : IOException(message);
