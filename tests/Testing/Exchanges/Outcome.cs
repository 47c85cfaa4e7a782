namespace MeshCanary.Testing.Exchanges;

/// <summary>How a request ended, in the words of the proxy's counts.</summary>
public enum Outcome
{
    /// <summary>A whole answer, no failure of the server.</summary>
    Success,

    /// <summary>A status of 500 or more from the upstream.</summary>
    ServerError,

    /// <summary>A gRPC status that is the server's fault.</summary>
    GrpcError,

    /// <summary>The upstream broke off.</summary>
    ConnectionFailure,

    /// <summary>The client went away.</summary>
    GivenUp,
}
