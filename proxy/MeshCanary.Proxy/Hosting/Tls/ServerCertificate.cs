using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>A certificate as it is shown to clients, with its chain.</summary>
/// <param name="Source">The file that it was read from.</param>
/// <param name="Names">The host names it is for, in lower case; a wildcard as <c>*.example.org</c>.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Chain">What is sent.</param>
internal sealed record ServerCertificate(string Source, IReadOnlyList<string> Names, DateTimeOffset Expires, SslStreamCertificateContext Chain)
{
    /// <summary>Reads certificate and key from their text.</summary>
    /// <exception cref="InvalidDataException">They are no such thing or do not belong together; the message names the files.</exception>
    public static ServerCertificate Read(CertificateFiles files, string certificate, string key)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            if (chain.Count == 0)
                throw new InvalidDataException($"{files.Certificate} holds no certificate: it has to be PEM text with '-----BEGIN CERTIFICATE-----'.");
            var own = X509Certificate2.CreateFromPem(certificate, key);
            chain[0].Dispose();
            chain.RemoveAt(0);
            // Offline: a certificate must never wait for a download, or ask anybody whether it is still good.
            return new ServerCertificate(files.Certificate, NamesOf(own), new DateTimeOffset(own.NotAfter), SslStreamCertificateContext.Create(own, chain, offline: true));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"The certificate {files.Certificate} cannot be used with the key {files.Key}: {fault.Message.TrimEnd('.')}. Both have to be PEM text, belong together, and the key must not be encrypted.", fault);
        }
    }

    private static List<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames()).Select(name => name.ToLowerInvariant()).ToList();
        if (names.Count == 0 && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name)
            names.Add(name.ToLowerInvariant());
        return names;
    }
}
