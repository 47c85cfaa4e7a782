using MeshCanary.Proxy.Telling;

namespace MeshCanary.Proxy.Hosting;

/// <summary>What a running proxy takes from new options, and what has to wait for a restart.</summary>
internal static class OptionChange
{
    /// <summary>What is in force after the change.</summary>
    public static ProxyOptions Merge(ProxyOptions before, ProxyOptions after) => before with
    {
        Listen = after.Listen,
        ListenTls = after.ListenTls,
        Tls = after.Tls,
        DrainTimeout = after.DrainTimeout,
        DrainDelay = after.DrainDelay,
        AccessLog = before.AccessLog is { } log && after.AccessLog is { } other ? other with { File = log.File } : before.AccessLog,
        Limits = after.Limits with
        {
            RequestBody = before.Limits.RequestBody,
            Connections = before.Limits.Connections,
            ResponseBuffer = before.Limits.ResponseBuffer,
            Handshake = before.Limits.Handshake,
        },
    };

    /// <summary>The properties that differ and do not change.</summary>
    public static IReadOnlyList<string> NeedingRestart(ProxyOptions before, ProxyOptions after)
    {
        (string Name, object? Before, object? After)[] fixedOnes =
        [
            (nameof(ProxyOptions.Name), before.Name, after.Name),
            (nameof(ProxyOptions.Admin), before.Admin, after.Admin),
            (nameof(ProxyOptions.Controller), before.Controller, after.Controller),
            (nameof(ProxyOptions.Canary), before.Canary, after.Canary),
            (nameof(ProxyOptions.TokenFile), before.TokenFile, after.TokenFile),
            (nameof(ProxyOptions.AuthorityFile), before.AuthorityFile, after.AuthorityFile),
            (nameof(ProxyOptions.SnapshotFile), before.SnapshotFile, after.SnapshotFile),
            (nameof(ProxyOptions.Http3), before.Http3, after.Http3),
            (nameof(ProxyOptions.Sockets), before.Sockets, after.Sockets),
            (nameof(ProxyOptions.TrustForwarded), before.TrustForwarded, after.TrustForwarded),
            (nameof(ProxyOptions.UpstreamActivityTimeout), before.UpstreamActivityTimeout, after.UpstreamActivityTimeout),
            (nameof(ProxyOptions.ConnectTimeout), before.ConnectTimeout, after.ConnectTimeout),
            (nameof(ProxyOptions.ConnectAttemptTimeout), before.ConnectAttemptTimeout, after.ConnectAttemptTimeout),
            (nameof(ProxyOptions.ResolveInterval), before.ResolveInterval, after.ResolveInterval),
            (nameof(ProxyOptions.CanaryDrain), before.CanaryDrain, after.CanaryDrain),
            (nameof(ProxyOptions.AccessLog), PlaceOf(before.AccessLog), PlaceOf(after.AccessLog)),
            (nameof(ProxyOptions.Traces), before.Traces, after.Traces),
            (nameof(ProxyLimits.RequestBody), before.Limits.RequestBody, after.Limits.RequestBody),
            (nameof(ProxyLimits.Connections), before.Limits.Connections, after.Limits.Connections),
            (nameof(ProxyLimits.ResponseBuffer), before.Limits.ResponseBuffer, after.Limits.ResponseBuffer),
            (nameof(ProxyLimits.Handshake), before.Limits.Handshake, after.Limits.Handshake),
        ];
        return [.. fixedOnes.Where(it => !Equals(it.Before, it.After)).Select(it => it.Name)];
    }

    private static (bool IsOn, string? File) PlaceOf(AccessLogOptions? log) => (log is not null, log?.File);
}
