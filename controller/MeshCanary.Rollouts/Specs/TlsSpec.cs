namespace MeshCanary.Rollouts.Specs;

/// <summary>TLS to endpoints. Files are on the proxies' disks, and read again when they change.</summary>
public sealed record TlsSpec
{
    /// <summary>Name that the certificate must be for; null for the host of the address.</summary>
    public string? ServerName { get; init; }

    /// <summary>PEM file of the authorities to trust; null for the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the certificate that the proxy shows; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? KeyFile { get; init; }
}
