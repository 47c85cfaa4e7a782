using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>
/// <c>X-Forwarded-Client-Cert</c>: nobody but the proxy may say who a client is, so what clients send in it is dropped;
/// what their certificate says is put there when that is asked for.
/// </summary>
internal sealed class ClientIdentity(CertificateStore store)
{
    /// <summary>The header.</summary>
    internal const string Header = "X-Forwarded-Client-Cert";

    // The same for each request of a connection, which keeps its certificate; many requests may ask at a time.
    private readonly ConditionalWeakTable<X509Certificate2, string> _described = [];

    /// <summary>Drops what the client says of itself, and says what its certificate does.</summary>
    public void Apply(HttpContext context)
    {
        var headers = context.Request.Headers;
        headers.Remove(Header);
        if (store.Current is not { Options.ForwardClientCertificate: true } || context.Connection.ClientCertificate is not { } certificate)
            return;
        headers[Header] = _described.GetValue(certificate, Describe);
    }

    /// <summary>Fingerprint and subject, in characters that any header may hold.</summary>
    internal static string Describe(X509Certificate2 certificate)
    {
        var text = new StringBuilder("Hash=").Append(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()).Append(";Subject=\"");
        foreach (var octet in Encoding.UTF8.GetBytes(certificate.Subject))
        {
            if (octet is (byte)'"' or (byte)'%' or (byte)'\\' or < 0x20 or > 0x7e)
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            else
                text.Append((char)octet);
        }

        return text.Append('"').ToString();
    }
}
