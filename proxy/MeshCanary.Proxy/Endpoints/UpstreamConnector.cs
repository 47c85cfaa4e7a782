using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Opens connections to addresses, with TLS where it is asked for. By its own hand, since the handler takes the name that a
/// certificate must be for from the request's Host, which is the client's, and reads certificates once.
/// </summary>
/// <param name="secure">Whether with TLS.</param>
/// <param name="name">Name that the certificate must be for; null for the address that is connected to.</param>
/// <param name="files">Whom to trust and what to show; null for the system's trust and nothing.</param>
internal sealed class UpstreamConnector(bool secure, string? name, TlsFiles? files)
{
    private static readonly List<SslApplicationProtocol> Http1 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Http2 = [SslApplicationProtocol.Http2];
    private static readonly List<SslApplicationProtocol> Either = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        // Names are resolved elsewhere; one that comes here has no known address.
        if (!IPAddress.TryParse(connection.DnsEndPoint.Host, out var address))
            throw new SocketException((int)SocketError.HostNotFound);

        var stream = await OpenAsync(new IPEndPoint(address, connection.DnsEndPoint.Port), cancellationToken);
        return secure ? await EncryptAsync(stream, connection, cancellationToken) : stream;
    }

    private static async Task<NetworkStream> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<SslStream> EncryptAsync(NetworkStream inner, SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner);
        try
        {
            var material = files?.Current() ?? TlsMaterial.System;
            var options = material.Options(name ?? connection.DnsEndPoint.Host, Protocols(connection.InitialRequestMessage));
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static List<SslApplicationProtocol> Protocols(HttpRequestMessage request) =>
        request.Version.Major < 2 ? Http1 : request.VersionPolicy == HttpVersionPolicy.RequestVersionOrLower ? Either : Http2;
}
