namespace MeshCanary.Rollouts.Specs;

/// <summary>How endpoints are spoken to.</summary>
public sealed record UpstreamSpec
{
    /// <summary>The protocol.</summary>
    public UpstreamProtocolSpec Protocol { get; init; } = UpstreamProtocolSpec.Auto;

    /// <summary>TLS to https endpoints; null for the system's trust and no certificate of our own.</summary>
    public TlsSpec? Tls { get; init; }
}
