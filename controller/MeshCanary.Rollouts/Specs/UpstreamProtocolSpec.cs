namespace MeshCanary.Rollouts.Specs;

/// <summary>The protocol that endpoints are spoken to in.</summary>
public enum UpstreamProtocolSpec
{
    /// <summary>https negotiates; http is HTTP/1.1, and HTTP/2 for gRPC.</summary>
    Auto,

    /// <summary>HTTP/1.1 only.</summary>
    Http1,

    /// <summary>HTTP/2 only, over http by prior knowledge.</summary>
    Http2,
}
