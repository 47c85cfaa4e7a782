using System.Collections.Concurrent;
using System.Net;
using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>All connections to upstreams: one client for each setting.</summary>
internal sealed class UpstreamClients(TimeSpan connectTimeout, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(UpstreamProtocol Protocol, UpstreamTls? Tls, bool Secure, string Name), UpstreamClient> _clients = new();

    /// <summary>The client for an address.</summary>
    /// <param name="settings">Of the arm.</param>
    /// <param name="address">Of the snapshot.</param>
    public UpstreamClient For(ArmSettings settings, Uri address)
    {
        var secure = address.Scheme == Uri.UriSchemeHttps;
        return _clients.GetOrAdd((settings.Protocol, secure ? settings.Tls : null, secure, secure ? address.IdnHost : ""), key => Make(key.Protocol, key.Secure));
    }

    public void Dispose()
    {
        foreach (var (_, client) in _clients)
            client.Dispose();
    }

    private UpstreamClient Make(UpstreamProtocol protocol, bool secure)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
        };
        Forwarding.UpstreamClient.Configure(handler, connectTimeout, time);
        return new UpstreamClient(handler, protocol, secure);
    }
}
