using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using MeshCanary.Proxy.Hosting;

namespace MeshCanary.Proxy.Reporting;

/// <summary>How the controller is reached. Token and authority are read at each attempt, so that a rotated file is picked up.</summary>
internal sealed class ControllerAddress(ProxyOptions options)
{
    public Uri Uri => options.Controller;

    /// <summary>Whether a token would cross the network unprotected.</summary>
    public bool ExposesToken => options.TokenFile is not null && Uri.Scheme == Uri.UriSchemeHttp && !Uri.IsLoopback;

    /// <param name="at">Where it is; null for wherever the host name leads. Its certificate is for the name in any case.</param>
    /// <exception cref="IOException">The authority's file cannot be read; the message names it.</exception>
    public GrpcChannel Open(IPAddress? at) => GrpcChannel.ForAddress(options.Controller, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
        HttpHandler = new SocketsHttpHandler
        {
            // There may be another to go on with.
            ConnectTimeout = TimeSpan.FromSeconds(2),
            ConnectCallback = at is null ? null : (_, cancellationToken) => ConnectAsync(new IPEndPoint(at, Uri.Port), cancellationToken),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Authority() },
        },
    });

    /// <exception cref="IOException">The token's file cannot be read; the message names it.</exception>
    public Metadata Credentials()
    {
        var headers = new Metadata();
        if (options.TokenFile is { } file)
            headers.Add("authorization", $"Bearer {Read(file, "token").Trim()}");
        return headers;
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
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

    private X509ChainPolicy? Authority()
    {
        if (options.AuthorityFile is not { } file)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(Read(file, "authority"));
        }
        catch (System.Security.Cryptography.CryptographicException invalid)
        {
            throw new IOException($"The authority file {file} holds no certificate in PEM form: {invalid.Message}", invalid);
        }

        return policy;
    }

    private static string Read(string file, string what)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read the {what} file {file}: {failure.Message} See that it exists and is readable.", failure);
        }
    }
}
