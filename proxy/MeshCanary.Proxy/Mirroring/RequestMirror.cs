using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Splitting.Weights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Mirroring;

/// <summary>
/// Copies a share of what stable serves to the canary. What a user's request pays for is one draw and, when it is copied, the
/// copying of its headers and of the bytes of its body as they pass; the copy is sent when the user has been served,
/// on another thread, and nothing that becomes of it reaches the user.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class RequestMirror(MirrorSettings settings, ArmTarget canary, MirrorCounters counters, bool trustForwarded)
{
    /// <summary>Says to a service that an answer will be thrown away.</summary>
    public const string Mark = "X-MeshCanary-Mirror";

    public MirrorSettings Settings => settings;

    public MirrorCounters Counters => counters;

    /// <summary>Begins the copy of a request whose body has not been read.</summary>
    /// <returns>Null when this one is not copied.</returns>
    public MirrorCopy? Begin(HttpContext context, Outbound outbound)
    {
        if (!IsDrawn() || IsTunnel(context))
            return null;
        if (context.Request.ContentLength > settings.LongestBody || canary.Endpoints.Pick(except: null) is not { } endpoint || !counters.TryEnter(settings.MostAtOnce))
        {
            counters.Drop();
            return null;
        }

        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        var copy = new MirrorCopy(this, endpoint, outbound.Time, hasBody ? context.Request.ContentLength ?? MirrorCopy.UnknownLength : 0);
        var how = outbound.Requests.For(endpoint.Client, context.Request);
        (copy.Message.Version, copy.Message.VersionPolicy) = (how.Version!, how.VersionPolicy!.Value);
        if (WriteAsync(copy.Message, context, endpoint).IsCompletedSuccessfully)
            return copy;

        copy.Drop();
        return null;
    }

    // What the canary would get if the request were its own, and the mark.
    private async Task WriteAsync(HttpRequestMessage message, HttpContext context, Endpoint endpoint)
    {
        await HttpTransformer.Empty.TransformRequestAsync(context, message, endpoint.Prefix, CancellationToken.None);
        var request = context.Request;
        message.Method = new HttpMethod(request.Method);
        message.RequestUri ??= UpstreamTarget.Of(context, endpoint.Prefix)
            ?? RequestUtilities.MakeDestinationAddress(endpoint.Prefix, request.Path, request.QueryString);
        ForwardedHeaders.Write(context, message, endpoint.Authority, trustForwarded);
        canary.RequestHeaders?.Apply(message);
        message.Headers.TryAddWithoutValidation(Mark, "1");
    }

    private bool IsDrawn() =>
        settings.Share.Value == BasisPoints.Whole || Math.BigMul(FastRandom.Next(), (ulong)BasisPoints.Whole, out _) < (ulong)settings.Share.Value;

    private static bool IsTunnel(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
