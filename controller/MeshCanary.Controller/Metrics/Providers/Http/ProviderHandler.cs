using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>Makes the handlers that connect to providers. Proxies come from the environment, as everywhere.</summary>
internal static class ProviderHandler
{
    // The address at which clouds give credentials of the machine to whoever asks, in IPv6.
    private static readonly IPAddress CloudCredentials = IPAddress.Parse("fd00:ec2::254");

    /// <summary>A handler with trust of its own, or with the system's.</summary>
    public static SocketsHttpHandler Create(ProviderTls? tls) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // New connections find addresses that changed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
        ConnectCallback = ConnectAsync,
        SslOptions = tls is null ? new() : Options(tls),
    };

    /// <summary>Whether a template may lead there: whoever writes templates must not get at the credentials of the machine that asks.</summary>
    internal static bool MayConnect(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !plain.GetAddressBytes().AsSpan().StartsWith((ReadOnlySpan<byte>)[169, 254])
            : !plain.IsIPv6LinkLocal && !plain.Equals(CloudCredentials);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, MayConnect);
        if (allowed.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, addresses.Length == 0 ? "the name has no address" : "its address is one of the local link, which no template may ask");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(ProviderTls tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls.Own is { } own)
            options.ClientCertificates = [own];
        if (tls.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (tls.SkipsCheck)
        {
#pragma warning disable CA5359 // The user's own words: insecureSkipVerify.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }
}
