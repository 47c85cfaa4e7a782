using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>A certificate with its key, both as PEM.</summary>
internal sealed record KeyedCertificate(string Certificate, string Key)
{
    /// <summary>The certificate alone; the caller disposes of it.</summary>
    public X509Certificate2 Read() => X509Certificate2.CreateFromPem(Certificate);

    /// <summary>The certificate with its key, in the form that servers take.</summary>
    public X509Certificate2 ReadWithKey() => X509Certificate2.CreateFromPem(Certificate, Key);
}
