using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>All connections to upstreams: one client for each setting. Any thread.</summary>
internal sealed class UpstreamClients(ConnectLimits connect, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    // A snapshot that is being prepared has clients that no endpoint in force uses yet.
    private static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, (UpstreamClient Client, long Used)> _clients = [];
    private readonly Dictionary<UpstreamTls, TlsFiles> _files = [];

    /// <summary>The client for an address.</summary>
    /// <param name="settings">Of the arm.</param>
    /// <param name="address">Of the snapshot.</param>
    public UpstreamClient For(ArmSettings settings, Uri address)
    {
        var secure = address.Scheme == Uri.UriSchemeHttps;
        var key = new Key(settings.Protocol, secure, secure ? settings.Tls : null, secure ? CertificateName(settings.Tls, address) : null);
        lock (_gate)
        {
            var client = _clients.TryGetValue(key, out var known) ? known.Client : Make(key);
            _clients[key] = (client, time.GetTimestamp());
            return client;
        }
    }

    /// <summary>Closes the clients that have not been used for a while.</summary>
    /// <param name="used">Those that are in use now.</param>
    public void Sweep(IReadOnlySet<UpstreamClient> used)
    {
        lock (_gate)
        {
            foreach (var (key, (client, since)) in _clients)
            {
                if (used.Contains(client))
                {
                    _clients[key] = (client, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(since) >= KeptUnused)
                {
                    _clients.Remove(key);
                    client.Dispose();
                }
            }

            foreach (var tls in _files.Keys.Except(_clients.Keys.Select(key => key.Tls).OfType<UpstreamTls>()).ToList())
                _files.Remove(tls);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (client, _) in _clients.Values)
                client.Dispose();
            _clients.Clear();
        }
    }

    // Null for an address that is no name: it is what the certificate must be for, and one client serves all such.
    private static string? CertificateName(UpstreamTls? tls, Uri address) =>
        tls is { ServerName.Length: > 0 } ? tls.ServerName : address.HostNameType == UriHostNameType.Dns ? address.IdnHost : null;

    private UpstreamClient Make(Key key)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            ConnectCallback = new UpstreamConnector(key.Secure, key.Name, key.Tls is null ? null : Files(key.Tls), connect, time).ConnectAsync,
        };
        Forwarding.UpstreamClient.Configure(handler, connect.Longest, time);
        return new UpstreamClient(handler, key.Protocol, key.Secure);
    }

    private TlsFiles Files(UpstreamTls tls)
    {
        if (!_files.TryGetValue(tls, out var files))
            _files.Add(tls, files = new TlsFiles(tls, time, loggers.CreateLogger<TlsFiles>()));
        return files;
    }

    private sealed record Key(UpstreamProtocol Protocol, bool Secure, UpstreamTls? Tls, string? Name);
}
