namespace MeshCanary.Proxy.Upstreams;

/// <summary>How the body of a request is sent to an upstream.</summary>
internal enum OutgoingBody
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>With its length told before.</summary>
    Length,

    /// <summary>In chunks.</summary>
    Chunked,
}
