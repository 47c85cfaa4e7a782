namespace MeshCanary.Proxy.Upstreams;

/// <summary>How far an exchange with an upstream is.</summary>
internal enum ExchangeStage
{
    /// <summary>The request is being written; nothing of it was sent.</summary>
    Creating,

    /// <summary>The request is sent, and its answer awaited.</summary>
    Asking,

    /// <summary>The head of the response is being handed to the client.</summary>
    Heading,

    /// <summary>The body of the response is.</summary>
    Answering,
}
