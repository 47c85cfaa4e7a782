namespace MeshCanary.Proxy.Endpoints;

/// <summary>What one request says of the endpoint that it was sent to.</summary>
internal enum EndpointResult
{
    /// <summary>It answered, whatever it said.</summary>
    Answered,

    /// <summary>It was reached and failed: silence, a broken exchange, or 502, 503 or 504.</summary>
    Failed,

    /// <summary>No connection to it came about.</summary>
    Unreachable,

    /// <summary>The client went away, or what it sent could not be forwarded: this says nothing of the endpoint.</summary>
    NotItsFault,
}
