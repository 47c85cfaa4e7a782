using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>Tells an exchange when its request becomes a tunnel (WebSocket).</summary>
internal sealed class UpgradeWatch(Exchange exchange, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Watches a request, if it may become a tunnel.</summary>
    public static void Watch(HttpContext context, Exchange exchange)
    {
        var features = context.Features;
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            features.Set<IHttpUpgradeFeature>(new UpgradeWatch(exchange, upgrade, connect: null));
        else if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            features.Set<IHttpExtendedConnectFeature>(new UpgradeWatch(exchange, upgrade: null, connect));
    }

    /// <summary>A client that asked for no other protocol must not be told that one has begun: 502 instead.</summary>
    /// <exception cref="HttpRequestException">The upstream switched, and nobody asked for it.</exception>
    public static void RefuseUnasked(HttpContext context, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols
            && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
            throw new HttpRequestException("The upstream switched to a protocol that nobody asked for.");
    }

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await upgrade!.UpgradeAsync();
        exchange.CountSwitch(StatusCodes.Status101SwitchingProtocols);
        return stream;
    }

    public async ValueTask<Stream> AcceptAsync()
    {
        var stream = await connect!.AcceptAsync();
        exchange.CountSwitch(StatusCodes.Status200OK);
        return stream;
    }
}
