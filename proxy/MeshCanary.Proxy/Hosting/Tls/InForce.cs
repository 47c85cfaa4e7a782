namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>What handshakes go by.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Certificates">What the files held.</param>
/// <param name="Hash">Tells that content from another.</param>
internal sealed record InForce(TlsOptions Options, CertificateSet Certificates, string Hash);
