using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>An authority of the test's own, and what it signs, as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly DateTimeOffset _until = TimeProvider.System.GetUtcNow().AddDays(30);
    private readonly X509Certificate2 _authority;

    public TestCertificates(TempFolder folder)
    {
        Folder = folder;
        var request = new CertificateRequest("CN=authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(_from, _until);
        AuthorityFile = folder.Write($"{Guid.NewGuid():N}.ca", _authority.ExportCertificatePem());
    }

    public TempFolder Folder { get; }

    public string AuthorityFile { get; }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    /// <summary>Writes, or writes over, a certificate for host names; it is for 127.0.0.1 as well.</summary>
    public CertificateFiles Write(string file, string subject, params string[] names)
    {
        var (certificate, key) = Issue(subject, names);
        // The key first, and each whole: the pair is seen as it was or as it is.
        return new CertificateFiles(Folder.Write($"{file}.crt", certificate), Folder.Write($"{file}.key", key));
    }

    /// <summary>A certificate and its key as PEM texts.</summary>
    public (string Certificate, string Key) Issue(string subject, params string[] names)
    {
        using var certificate = Sign(subject, names);
        using var key = certificate.GetECDsaPrivateKey();
        return (certificate.ExportCertificatePem(), key!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Sign(string subject, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(subject);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddIpAddress(IPAddress.Loopback);
        foreach (var host in names)
            alternatives.AddDnsName(host);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(_authority, _from, _until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
