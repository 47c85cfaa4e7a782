using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Whom to trust and what to show.</summary>
/// <param name="Authorities">Authorities to trust; null for the system's.</param>
/// <param name="Certificate">The proxy's own certificate; null for none.</param>
internal sealed record TlsMaterial(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Certificate)
{
    public static readonly TlsMaterial System = new(null, null);

    /// <summary>Options for one handshake.</summary>
    public SslClientAuthenticationOptions Options(string name, List<SslApplicationProtocol> protocols) => new()
    {
        TargetHost = name,
        ApplicationProtocols = protocols,
        ClientCertificateContext = Certificate,
        CertificateChainPolicy = Authorities is null ? null : Policy(Authorities),
    };

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
