using MeshCanary.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>The target in the request line to the upstream: the client's own, or the path that was routed, encoded anew.</summary>
internal static class RequestTarget
{
    /// <exception cref="UriFormatException">No target can be made of it.</exception>
    public static string Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return UpstreamTarget.PassesAsItIs(target)
            ? target
            : RequestUtilities.MakeDestinationAddress("http://upstream", context.Request.Path, context.Request.QueryString).PathAndQuery;
    }
}
