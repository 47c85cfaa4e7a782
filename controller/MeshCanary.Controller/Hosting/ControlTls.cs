using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MeshCanary.Controller.Hosting;

/// <summary>TLS on the proxy port.</summary>
internal static class ControlTls
{
    /// <summary>With a certificate that stays, its chain after it; null for no TLS.</summary>
    public static Action<ListenOptions>? Of(X509Certificate2Collection? certificate) => certificate is null
        ? null
        : listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate[0], ServerCertificateChain = certificate });

    /// <summary>With whatever certificate is in force when a proxy connects; without one its handshake fails, and it tries again.</summary>
    public static Action<ListenOptions> Of(Func<X509Certificate2?> present) =>
        listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => present() });
}
