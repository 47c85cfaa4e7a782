using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>A certificate and its key, both PEM.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">The private key.</param>
public sealed record KeyPair(string Certificate, string Key)
{
    /// <summary>The certificate with its key, for a server or a client of this process; the caller disposes of it.</summary>
    public X509Certificate2 Load()
    {
        // By way of PKCS#12: a key straight from PEM is not good for every server.
        using var pem = X509Certificate2.CreateFromPem(Certificate, Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
