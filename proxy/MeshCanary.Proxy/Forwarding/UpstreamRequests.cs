using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>How the forwarder sends a request to an endpoint. Immutable.</summary>
/// <param name="silence">Longest time that an upstream may stay silent.</param>
internal sealed class UpstreamRequests(TimeSpan silence)
{
    private readonly ForwarderRequestConfig _http1 = Of(HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower, silence);
    private readonly ForwarderRequestConfig _http2 = Of(HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact, silence);
    private readonly ForwarderRequestConfig _negotiated = Of(HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower, silence);

    /// <summary>The version that the client asks for; where it leaves a choice, gRPC is HTTP/2 whatever the scheme.</summary>
    public ForwarderRequestConfig For(Endpoints.UpstreamClient client, HttpRequest request)
    {
        var http2 = client.Version.Major >= 2;
        if (client.VersionPolicy == HttpVersionPolicy.RequestVersionExact)
            return http2 ? _http2 : _http1;
        if ((HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol)) && GrpcStatus.IsGrpc(request.ContentType))
            return _http2;
        return http2 ? _negotiated : _http1;
    }

    private static ForwarderRequestConfig Of(Version version, HttpVersionPolicy policy, TimeSpan silence) =>
        new() { ActivityTimeout = silence, Version = version, VersionPolicy = policy };
}
