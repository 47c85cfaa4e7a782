using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using MeshCanary.Proxy.Upstreams;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Opens connections to addresses, with TLS where it is asked for. By its own hand, since the handler takes the name that a
/// certificate must be for from the request's Host, which is the client's, and reads certificates once.
/// </summary>
/// <param name="secure">Whether with TLS.</param>
/// <param name="name">Name that the certificate must be for; null for the address that is connected to.</param>
/// <param name="files">Whom to trust and what to show; null for the system's trust and nothing.</param>
/// <param name="limits">How long it may take.</param>
/// <param name="time">The clock.</param>
internal sealed class UpstreamConnector(bool secure, string? name, TlsFiles? files, ConnectLimits limits, TimeProvider time)
{
    /// <summary>Whether the request that a connection is opened for can go elsewhere when there is none in time.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayGoElsewhere = new("meshcanary.elsewhere");

    private static readonly List<SslApplicationProtocol> Http1 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Http2 = [SslApplicationProtocol.Http2];
    private static readonly List<SslApplicationProtocol> Either = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        // Names are resolved elsewhere; one that comes here has no known address.
        if (!IPAddress.TryParse(connection.DnsEndPoint.Host, out var address))
            throw new SocketException((int)SocketError.HostNotFound);

        var endpoint = new IPEndPoint(address, connection.DnsEndPoint.Port);
        // The longest wait is the handler's own.
        if (!connection.InitialRequestMessage.Options.TryGetValue(MayGoElsewhere, out var mayGoElsewhere) || !mayGoElsewhere)
            return await OpenAsync(endpoint, connection, cancellationToken);

        using var patience = new CancellationTokenSource(limits.For(mayGoElsewhere), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await OpenAsync(endpoint, connection, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private async Task<Stream> OpenAsync(IPEndPoint endpoint, SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        var stream = await ReachAsync(endpoint, cancellationToken);
        return secure ? await EncryptAsync(stream, connection, cancellationToken) : stream;
    }

    private static async Task<NetworkStream> ReachAsync(IPEndPoint address, CancellationToken cancellationToken)
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
