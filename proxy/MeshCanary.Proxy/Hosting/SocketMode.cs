namespace MeshCanary.Proxy.Hosting;

/// <summary>By what the sockets of clients and upstreams are served.</summary>
public enum SocketMode
{
    /// <summary>The proxy's own event loops where the system is Linux on x64 or Arm64; the runtime's sockets elsewhere.</summary>
    Auto,

    /// <summary>The runtime's sockets.</summary>
    Runtime,
}
