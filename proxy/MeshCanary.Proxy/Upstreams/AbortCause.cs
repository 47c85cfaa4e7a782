namespace MeshCanary.Proxy.Upstreams;

/// <summary>Why an exchange was broken off from the proxy's side.</summary>
internal enum AbortCause
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The client is gone.</summary>
    Client,

    /// <summary>Whoever asked for the exchange ends it.</summary>
    Caller,

    /// <summary>Nobody said anything for too long.</summary>
    Silence,

    /// <summary>The client's request body cannot be read.</summary>
    RequestBody,

    /// <summary>The response is complete; what is left of the request is of no use.</summary>
    Finished,
}
