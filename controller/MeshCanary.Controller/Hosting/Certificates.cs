using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Hosting;

/// <summary>Reads the certificate of the proxy port.</summary>
internal static class Certificates
{
    /// <summary>The certificate with its key first, the chain after it.</summary>
    /// <exception cref="IOException">A file cannot be read, or they do not belong together.</exception>
    public static X509Certificate2Collection Load(string certificateFile, string? keyFile)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(certificateFile);
            var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (all.Count > 0)
                all[0].Dispose();
            return [leaf, .. all.Skip(1)];
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"The certificate {certificateFile} with key {keyFile ?? "in the same file"} cannot be used: {failure.Message} Both have to be PEM files that belong together.", failure);
        }
    }
}
