namespace MeshCanary.Proxy.Hosting;

/// <summary>Whether TLS ports speak HTTP/3 too.</summary>
public enum Http3Mode
{
    /// <summary>Where the system has QUIC: on Linux, with the library libmsquic. Elsewhere the start says that it does not.</summary>
    Auto,

    /// <summary>They do not.</summary>
    Off,
}
