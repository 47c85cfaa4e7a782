using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>Clients of a proxy's TLS ports; they believe any certificate, and tell which one it was.</summary>
internal static class TlsClient
{
    /// <summary>A client that asks for the proxy by a host name.</summary>
    public static HttpClient New(TestProxy proxy, Version version, string? host = null, X509Certificate2? own = null, Action<X509Certificate2>? shown = null, IPEndPoint? address = null)
    {
        var target = address ?? proxy.Server.WithTls[0];
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions
            {
#pragma warning disable CA5359 // The test looks at the certificate by itself.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown?.Invoke((X509Certificate2)certificate!);
                    return true;
                },
#pragma warning restore CA5359
                ClientCertificates = own is null ? null : [own],
            },
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(target, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{host ?? "127.0.0.1"}:{target.Port}"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>The subject that a new connection is shown, and what it answers.</summary>
    public static async Task<(string Subject, string Answer)> AskAsync(TestProxy proxy, string? host, CancellationToken cancellation)
    {
        var subject = "";
        using var client = New(proxy, HttpVersion.Version11, host, shown: certificate => subject = certificate.Subject);
        var answer = await client.GetStringAsync("/", cancellation);
        return (subject, answer);
    }
}
