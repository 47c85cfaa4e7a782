using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>Connections that believe whom they are told to.</summary>
internal static class TlsTrust
{
    /// <summary>
    /// A handler that keeps connections, follows no redirect (it might carry credentials elsewhere) and takes the certificates of some
    /// authorities, of the system's, or any.
    /// </summary>
    /// <param name="authorities">PEM certificates; null for the system's.</param>
    /// <param name="takesAny">Whether any certificate is taken.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificates cannot be read.</exception>
    public static SocketsHttpHandler Handler(string? authorities, bool takesAny)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (takesAny)
        {
#pragma warning disable CA5359 // The user said so, in as many words.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (authorities is not null)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authorities);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }
}
