using System.Net;
using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Connections to endpoints under one setting, and the version of HTTP that is spoken on them.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private readonly SocketsHttpHandler _handler;

    public UpstreamClient(SocketsHttpHandler handler, UpstreamProtocol protocol, bool secure)
    {
        _handler = handler;
        Invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        Version = protocol switch
        {
            UpstreamProtocol.Http2 => HttpVersion.Version20,
            UpstreamProtocol.Http1 => HttpVersion.Version11,
            _ => secure ? HttpVersion.Version20 : HttpVersion.Version11,
        };
        // TLS negotiates; cleartext cannot.
        VersionPolicy = protocol == UpstreamProtocol.Auto ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact;
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>The version that requests ask for; gRPC asks for HTTP/2 in any case.</summary>
    public Version Version { get; }

    public HttpVersionPolicy VersionPolicy { get; }

    internal HttpMessageHandler Handler => _handler;

    public void Dispose()
    {
        Invoker.Dispose();
        _handler.Dispose();
    }
}
