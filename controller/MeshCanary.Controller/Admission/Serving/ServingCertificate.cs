using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Admission.Serving;

/// <summary>The certificate that new connections are shown. Thread-safe.</summary>
internal sealed class ServingCertificate
{
    private X509Certificate2? _present;

    public X509Certificate2? Present => Volatile.Read(ref _present);

    /// <summary>From now on this one. The one before stays alive: a handshake may still use it.</summary>
    public void Show(X509Certificate2 certificate) => Volatile.Write(ref _present, certificate);
}
