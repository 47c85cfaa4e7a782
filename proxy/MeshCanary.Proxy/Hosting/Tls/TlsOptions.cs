namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>By what clients know the proxy, and the proxy knows them.</summary>
public sealed record TlsOptions
{
    /// <summary>Certificates; the first one serves names that no certificate is for.</summary>
    public IReadOnlyList<CertificateFiles> Certificates { get; init; } = [];

    /// <summary>
    /// Folder with more of them, or null: <c>NAME.crt</c> or <c>NAME.pem</c> with <c>NAME.key</c> beside it, and folders
    /// that hold <c>tls.crt</c> and <c>tls.key</c>. Read again when its content changes.
    /// </summary>
    public string? CertificateFolder { get; init; }

    /// <summary>PEM file of the authorities whose client certificates are believed, or null when clients are not asked.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>Whether clients must show a certificate. Needs <see cref="ClientAuthorityFile"/> unless none.</summary>
    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>Whether the upstream is told of the client's certificate in <c>X-Forwarded-Client-Cert</c>.</summary>
    public bool ForwardClientCertificate { get; init; }

    /// <summary>Whether they ask for the same, file by file.</summary>
    public bool Equals(TlsOptions? other) => other is not null
        && Certificates.SequenceEqual(other.Certificates)
        && (CertificateFolder, ClientAuthorityFile, ClientCertificates, ForwardClientCertificate)
            == (other.CertificateFolder, other.ClientAuthorityFile, other.ClientCertificates, other.ForwardClientCertificate);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Certificates.Count, CertificateFolder, ClientAuthorityFile, ClientCertificates, ForwardClientCertificate);
}
