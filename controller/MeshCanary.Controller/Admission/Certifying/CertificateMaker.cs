using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>Makes authorities and what they sign: ECDSA on P-256.</summary>
internal static class CertificateMaker
{
    /// <summary>Certificates count from so long before they are made: clocks of API servers may be behind.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const int SerialBytes = 16;

    public static KeyedCertificate Authority(DateTimeOffset now, TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two authorities of one name in one bundle would be told apart by their keys only.
        var request = new CertificateRequest($"CN=meshcanary-webhooks-{now.ToUnixTimeSeconds()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - Skew, now + life);
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public static KeyedCertificate Serving(KeyedCertificate authority, IReadOnlyCollection<string> names, DateTimeOffset now, TimeSpan life)
    {
        using var signer = authority.ReadWithKey();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names.First()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, true, false));
        request.CertificateExtensions.Add(Names(names));
        var until = now + life;
        using var certificate = request.Create(signer, now - Skew, until < signer.NotAfter ? until : signer.NotAfter, RandomNumberGenerator.GetBytes(SerialBytes));
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Extension Names(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (System.Net.IPAddress.TryParse(name, out var address))
                builder.AddIpAddress(address);
            else
                builder.AddDnsName(name);
        }

        return builder.Build();
    }
}
