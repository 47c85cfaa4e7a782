using System.Text;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>How connections to upstreams behave.</summary>
internal static class UpstreamClient
{
    // Below the five seconds after which common servers close an idle connection: a request with a body cannot be sent
    // again when it meets that end.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(3);

    private const int MaxResponseHeaderKilobytes = 128;

    public static void Configure(SocketsHttpHandler handler, TimeSpan connectTimeout, TimeProvider time)
    {
        handler.ConnectTimeout = connectTimeout;
        handler.PooledConnectionIdleTimeout = IdleLimit;
        handler.MaxResponseHeadersLength = MaxResponseHeaderKilobytes;
        // Header bytes go through as they are, whatever they mean: a byte is a character and back.
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        // The proxy exports no spans: one of its own would only break the chain between those of its neighbours.
        handler.ActivityHeadersPropagator = null;
        handler.PlaintextStreamFilter = (connection, _) => ValueTask.FromResult(
            connection.NegotiatedHttpVersion.Major < 2 ? new UpstreamStream(connection.PlaintextStream, time) : connection.PlaintextStream);
    }
}
