using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>What a handshake is done with: decided for each connection, so that files may change between two of them.</summary>
internal sealed class TlsHandshake(CertificateStore store)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>The callback of the server; protocols are added by it.</summary>
    public ValueTask<SslServerAuthenticationOptions> OnConnection(TlsHandshakeCallbackContext context)
    {
        // A connection that came by a port that was closed since, and with it TLS altogether.
        if (store.Current is not { } inForce)
            throw new AuthenticationException("TLS is not configured any more.");
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = inForce.Certificates.For(context.ClientHelloInfo.ServerName).Chain,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
        if (inForce.Certificates.Authorities is { } authorities && inForce.Options.ClientCertificates != ClientCertificates.None)
            AskClient(options, authorities, inForce.Options.ClientCertificates == ClientCertificates.Required);
        return ValueTask.FromResult(options);
    }

    /// <summary>
    /// Whether a client that must show a certificate came in without one. Over TCP the handshake sees to it; QUIC leaves it to
    /// the library of the system, in whatever version, and a lock is not left to that.
    /// </summary>
    public bool LacksCertificate(BaseConnectionContext connection) =>
        store.Current is { Options.ClientCertificates: ClientCertificates.Required }
        && connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is null;

    private static void AskClient(SslServerAuthenticationOptions options, X509Certificate2Collection authorities, bool isRequired)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = policy;
        options.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateNotAvailable && !isRequired);
    }
}
