using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>The root of trust of one cluster. Safe to use from several threads.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly DateTimeOffset _from;
    private readonly X509Certificate2 _root;

    internal CertificateAuthority(TimeProvider time)
    {
        // A little before now: clocks of programs that check it may differ.
        _from = time.GetUtcNow().AddHours(-1);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test-cluster", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(_from, _from.AddDays(2));
    }

    /// <summary>The root certificate, PEM.</summary>
    public string RootPem => _root.ExportCertificatePem();

    /// <summary>The key of the root, PEM.</summary>
    internal string RootKeyPem => Key(_root.GetECDsaPrivateKey()!);

    /// <summary>Issues a certificate, good for servers and clients.</summary>
    /// <param name="name">The common name: a user, for the API server.</param>
    /// <param name="groups">The organizations: groups, for the API server.</param>
    /// <param name="hosts">Host names and addresses of a server.</param>
    public KeyPair Issue(string name, IEnumerable<string> groups, IEnumerable<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
            subject.AddOrganizationName(group);
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerUse, ClientUse], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        if (Names(hosts) is { } names)
            request.CertificateExtensions.Add(names);

        using var certificate = request.Create(_root, _from, _from.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return new KeyPair(certificate.ExportCertificatePem(), Key(key));
    }

    /// <summary>Frees the keys.</summary>
    public void Dispose() => _root.Dispose();

    // Go reads this form of elliptic-curve keys too.
    private static string Key(ECDsa key) => new StringBuilder(key.ExportPkcs8PrivateKeyPem()).Append('\n').ToString();

    private static X509Extension? Names(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        var any = false;
        foreach (var host in hosts)
        {
            any = true;
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        return any ? names.Build() : null;
    }
}
