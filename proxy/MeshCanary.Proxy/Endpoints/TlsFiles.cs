using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshCanary.Contracts.V1;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// The authorities and the certificate for connections under one TLS setting, read from their files again when these
/// change. Files are looked at when a connection is made, once a second at most, and compared by what they hold: a mounted
/// secret changes by a link somewhere above the file. A new file that cannot be used leaves the old in use. Any thread.
/// </summary>
internal sealed partial class TlsFiles(UpstreamTls tls, TimeProvider time, ILogger<TlsFiles> logger)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string? _read;
    private string _fault = "";
    private TlsMaterial? _material;
    private long? _looked;

    /// <summary>What is to be used now.</summary>
    /// <exception cref="IOException">A file cannot be used, and none before it could; the message names it.</exception>
    public TlsMaterial Current()
    {
        lock (_gate)
        {
            if (_looked is not { } looked || time.GetElapsedTime(looked) >= BetweenLooks)
                Look();
            return _material ?? throw new IOException(_fault);
        }
    }

    private void Look()
    {
        _looked = time.GetTimestamp();
        try
        {
            var texts = new[] { tls.AuthorityFile, tls.CertificateFile, tls.KeyFile }.Select(file => file.Length == 0 ? "" : Read(file)).ToArray();
            var read = string.Join('\0', texts);
            if (read != _read)
            {
                _material = Load(texts[0], texts[1], texts[2]);
                if (_read is not null)
                    LogLoaded(tls.AuthorityFile, tls.CertificateFile, tls.KeyFile);
                _read = read;
            }

            _fault = "";
        }
        catch (IOException unusable)
        {
            if (_fault != unusable.Message && _material is not null)
                LogKept(unusable.Message);
            _fault = unusable.Message;
        }
    }

    private TlsMaterial Load(string authority, string certificate, string key) => new(
        authority.Length == 0 ? null : Certificates(authority, tls.AuthorityFile),
        certificate.Length == 0 ? null : Own(certificate, key));

    private SslStreamCertificateContext Own(string certificate, string key)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificate, key);
            return SslStreamCertificateContext.Create(new X509Certificate2(leaf), Certificates(certificate, tls.CertificateFile), offline: true);
        }
        catch (Exception invalid) when (invalid is CryptographicException or ArgumentException)
        {
            throw new IOException(
                $"The certificate file {tls.CertificateFile} and the key file {tls.KeyFile} do not make a certificate with its key in PEM form: {invalid.Message}", invalid);
        }
    }

    private static X509Certificate2Collection Certificates(string pem, string file)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(pem);
            return found.Count > 0 ? found : throw new IOException($"The file {file} holds no certificate in PEM form.");
        }
        catch (CryptographicException invalid)
        {
            throw new IOException($"The file {file} holds a certificate that cannot be read: {invalid.Message}", invalid);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.ASCII);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"The file {file} cannot be read: {failure.Message} See that it exists on the proxy's disk and is readable.", failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "New connections to upstreams use what their files hold now (authorities '{Authority}', certificate '{Certificate}', key '{Key}').")]
    private partial void LogLoaded(string authority, string certificate, string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault} New connections to upstreams go on with what was read before. Correct the file; it is read again.")]
    private partial void LogKept(string fault);
}
