using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// What changes between the client's request and the upstream's: the Host stays the client's (an upstream behind a
/// service name must see that name), X-Forwarded-* are set, and gRPC goes as HTTP/2 whatever the scheme. Other
/// requests to http addresses go as HTTP/1.1, since without TLS nothing says whether an upstream speaks HTTP/2.
/// </summary>
internal sealed class UpstreamTransforms : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        context.AddOriginalHost();
        context.RequestTransforms.Add(new GrpcOverHttp2());
    }

    private sealed class GrpcOverHttp2 : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            if (HttpProtocol.IsHttp2(context.HttpContext.Request.Protocol) && GrpcStatus.IsGrpc(context.HttpContext.Request.ContentType))
            {
                context.ProxyRequest.Version = HttpVersion.Version20;
                context.ProxyRequest.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            }

            return ValueTask.CompletedTask;
        }
    }
}
