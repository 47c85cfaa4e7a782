namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>One certificate as PEM files.</summary>
/// <param name="Certificate">The certificate, and behind it those that lead to its authority.</param>
/// <param name="Key">Its private key, not encrypted.</param>
public sealed record CertificateFiles(string Certificate, string Key);
