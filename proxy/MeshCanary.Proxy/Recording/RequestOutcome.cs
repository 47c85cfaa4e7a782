namespace MeshCanary.Proxy.Recording;

/// <summary>How a request ended. Every finished request has exactly one.</summary>
internal enum RequestOutcome
{
    /// <summary>The upstream answered, and not with a failure: its latency is counted.</summary>
    Success,

    /// <summary>HTTP 5xx from the upstream.</summary>
    ServerError,

    /// <summary>A gRPC status that says the server failed.</summary>
    GrpcError,

    /// <summary>The upstream could not be reached, or broke off before its response was complete.</summary>
    ConnectionFailure,

    /// <summary>The upstream stayed silent for too long.</summary>
    Timeout,

    /// <summary>The client went away first, or sent something that could not be forwarded.</summary>
    ClientAbort,
}
