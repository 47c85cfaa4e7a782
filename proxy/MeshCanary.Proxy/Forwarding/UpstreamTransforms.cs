using System.Net;
using MeshCanary.Proxy.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
        context.RequestTransforms.Add(new SameTarget());
        if (options.TrustForwarded)
        {
            context.UseDefaultForwarders = false;
            context.AddXForwardedFor(action: ForwardedTransformActions.Append);
            context.RequestTransforms.Add(new KeptForwarded());
        }

        context.RequestTransforms.Add(new GrpcOverHttp2());
        context.ResponseTransforms.Add(new NoUnaskedSwitch());
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

    /// <summary>A client that asked for no other protocol must not be told that one has begun: 502 instead.</summary>
    private sealed class NoUnaskedSwitch : ResponseTransform
    {
        public override ValueTask ApplyAsync(ResponseTransformContext context)
        {
            var features = context.HttpContext.Features;
            return context.ProxyResponse?.StatusCode == HttpStatusCode.SwitchingProtocols
                && features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
                && features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true }
                ? throw new HttpRequestException("The upstream switched to a protocol that nobody asked for.")
                : ValueTask.CompletedTask;
        }
    }

    private sealed class SameTarget : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            context.ProxyRequest.RequestUri = UpstreamTarget.Of(context.HttpContext, context.DestinationPrefix);
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
