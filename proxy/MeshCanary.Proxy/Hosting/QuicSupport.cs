using System.Net.Quic;
using Microsoft.AspNetCore.Hosting;

namespace MeshCanary.Proxy.Hosting;

/// <summary>Whether this system has QUIC, and by what the server gets it.</summary>
internal static class QuicSupport
{
    /// <summary>Gives a server QUIC; null where there is none, or it is not wanted.</summary>
    public static Action<IWebHostBuilder>? For(Http3Mode mode) =>
        mode == Http3Mode.Auto && QuicListener.IsSupported ? static host => host.UseQuic() : null;
}
