using MeshCanary.Proxy.Recording;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// Counts an upgraded request (WebSocket) at the moment of the switch: its latency is that of the handshake. What
/// follows is a tunnel that may live for days; its length says nothing about how fast a version is, and waiting for
/// its end would hide the version's traffic until then.
/// </summary>
internal sealed class UpgradeWatch(Exchange exchange, TimeProvider time, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public bool Switched { get; private set; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Watches a request that may become a tunnel.</summary>
    /// <returns>The watch, or null when the request cannot.</returns>
    public static UpgradeWatch? Of(in Exchange exchange, TimeProvider time)
    {
        var features = exchange.Context.Features;
        var upgrade = features.Get<IHttpUpgradeFeature>();
        if (upgrade is { IsUpgradableRequest: true })
        {
            var watch = new UpgradeWatch(exchange, time, upgrade, connect: null);
            features.Set<IHttpUpgradeFeature>(watch);
            return watch;
        }

        var connect = features.Get<IHttpExtendedConnectFeature>();
        if (connect is { IsExtendedConnect: true })
        {
            var watch = new UpgradeWatch(exchange, time, upgrade: null, connect);
            features.Set<IHttpExtendedConnectFeature>(watch);
            return watch;
        }

        return null;
    }

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await upgrade!.UpgradeAsync();
        RecordSwitch(StatusCodes.Status101SwitchingProtocols);
        return stream;
    }

    public async ValueTask<Stream> AcceptAsync()
    {
        var stream = await connect!.AcceptAsync();
        RecordSwitch(StatusCodes.Status200OK);
        return stream;
    }

    private void RecordSwitch(int status)
    {
        Switched = true;
        exchange.Count(RequestOutcome.Success, time.GetElapsedTime(exchange.Started));
        exchange.Target.Counters.RecordStatus(status);
    }
}
