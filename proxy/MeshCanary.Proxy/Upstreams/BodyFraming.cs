namespace MeshCanary.Proxy.Upstreams;

/// <summary>What says where the body of a response ends (RFC 9112, section 6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>After so many bytes.</summary>
    Length,

    /// <summary>With the last chunk.</summary>
    Chunked,

    /// <summary>With the connection.</summary>
    Connection,
}
