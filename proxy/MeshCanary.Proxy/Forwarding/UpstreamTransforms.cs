using System.Net;
using MeshCanary.Proxy.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// What changes between the client's request and the upstream's: the Host stays the client's (an upstream behind a
/// service name must see that name), X-Forwarded-* are set, and gRPC goes as HTTP/2 whatever the scheme. Other
/// requests to http addresses go as HTTP/1.1, since without TLS nothing says whether an upstream speaks HTTP/2.
/// </summary>
internal sealed class UpstreamTransforms(ProxyOptions options) : ITransformProvider
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
        context.RequestTransforms.Add(new OneHost());
        if (options.TrustForwarded)
        {
            context.UseDefaultForwarders = false;
            context.AddXForwardedFor(action: ForwardedTransformActions.Append);
            context.RequestTransforms.Add(new KeptForwarded());
        }

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

    /// <summary>A request that names no host gets the upstream's own; an empty header would go beside it.</summary>
    private sealed class OneHost : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            if (!context.HttpContext.Request.Host.HasValue)
                context.ProxyRequest.Headers.Host = null;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Says how the client came unless a proxy before this one already did.</summary>
    private sealed class KeptForwarded : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            var (request, headers) = (context.HttpContext.Request, context.ProxyRequest.Headers);
            if (!request.Headers.ContainsKey("X-Forwarded-Proto"))
                headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
            if (!request.Headers.ContainsKey("X-Forwarded-Host") && request.Host.HasValue)
                headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.ToUriComponent());
            return ValueTask.CompletedTask;
        }
    }
}
