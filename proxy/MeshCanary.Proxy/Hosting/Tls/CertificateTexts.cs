using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>What the files of <see cref="TlsOptions"/> hold at one moment.</summary>
internal sealed class CertificateTexts
{
    private readonly List<(CertificateFiles Files, string Certificate, string Key)> _pairs = [];
    private readonly TlsOptions _options;
    private readonly string? _authorities;

    private CertificateTexts(TlsOptions options)
    {
        _options = options;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var files in options.Certificates.Concat(InFolder(options.CertificateFolder)))
            _pairs.Add((files, Take(files.Certificate, hash), Take(files.Key, hash)));
        if (options.ClientAuthorityFile is { } authority)
            _authorities = Take(authority, hash);
        Hash = Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Tells one content from another.</summary>
    public string Hash { get; }

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">One cannot be read; the message names it.</exception>
    public static CertificateTexts Read(TlsOptions options) => new(options);

    /// <summary>The certificates that the texts are.</summary>
    /// <exception cref="InvalidDataException">One is none; the message names it and says what to do.</exception>
    public CertificateSet Parse()
    {
        if (_pairs.Count == 0)
        {
            throw new InvalidDataException(_options.CertificateFolder is { } folder
                ? $"There is no certificate in {folder}: put NAME.crt and NAME.key there, or folders with tls.crt and tls.key."
                : "TLS needs a certificate and its key.");
        }

        return new CertificateSet([.. _pairs.Select(pair => ServerCertificate.Read(pair.Files, pair.Certificate, pair.Key))], Authorities());
    }

    private X509Certificate2Collection? Authorities()
    {
        if (_authorities is null)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(_authorities);
        }
        catch (CryptographicException fault)
        {
            throw new InvalidDataException($"The authorities of clients in {_options.ClientAuthorityFile} cannot be read: {fault.Message}", fault);
        }

        return authorities.Count > 0 ? authorities : throw new InvalidDataException(
            $"{_options.ClientAuthorityFile} holds no certificate: it has to be PEM text with '-----BEGIN CERTIFICATE-----'.");
    }

    private static IEnumerable<CertificateFiles> InFolder(string? folder)
    {
        if (folder is null)
            return [];
        try
        {
            // A link to a folder counts as a folder, as in a volume of secrets; names that begin with dots are its own affair.
            var loose = Directory.EnumerateFiles(folder)
                .Where(file => Path.GetExtension(file) is ".crt" or ".pem")
                .Select(file => new CertificateFiles(file, Path.ChangeExtension(file, ".key")))
                .Where(files => File.Exists(files.Key));
            var mounted = Directory.EnumerateDirectories(folder)
                .Where(inner => !Path.GetFileName(inner).StartsWith('.'))
                .Select(inner => new CertificateFiles(Path.Combine(inner, "tls.crt"), Path.Combine(inner, "tls.key")))
                .Where(files => File.Exists(files.Certificate));
            return [.. loose.Concat(mounted).OrderBy(files => files.Certificate, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder of certificates {folder} cannot be read: {fault.Message}", fault);
        }
    }

    private static string Take(string path, IncrementalHash hash)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
            return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The file {path} for TLS cannot be read: {fault.Message}", fault);
        }
    }
}
