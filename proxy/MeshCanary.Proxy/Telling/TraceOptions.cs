namespace MeshCanary.Proxy.Telling;

/// <summary>Where spans are sent, and of which requests. Immutable.</summary>
public sealed record TraceOptions
{
    /// <summary>The OTLP receiver: scheme, host and port, and the path before <c>/v1/traces</c> if it has one.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Whether it is spoken to by protobuf over HTTP instead of gRPC.</summary>
    public bool OverHttp { get; init; }

    /// <summary>Share of the traces that begin here: 0 to 1. Those that come in are followed as they say.</summary>
    public double Share { get; init; } = 1;
}
