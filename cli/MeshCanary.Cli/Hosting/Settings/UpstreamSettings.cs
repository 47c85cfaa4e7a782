using System.CommandLine;
using MeshCanary.Cli.Commands;
using MeshCanary.Proxy.Hosting;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>The side of a proxy that upstreams see, as options.</summary>
internal sealed class UpstreamSettings
{
    private readonly Option<TimeSpan?> _connect = CommonArguments.Duration("--connect-timeout", "Longest time that a connection to an upstream may take when there is no other endpoint to try. Default: 5s.");
    private readonly Option<TimeSpan?> _attempt = CommonArguments.Duration("--connect-attempt-timeout", "Longest time that it may take while there is; then that one is tried. Default: 1s.");
    private readonly Option<TimeSpan?> _silence = CommonArguments.Duration("--upstream-timeout", "Longest time that an upstream may stay silent within a request; then it is answered with 504. Default: 100s.");
    private readonly Option<TimeSpan?> _resolve = CommonArguments.Duration("--resolve-interval", "From one look at what a host name of an endpoint stands for to the next. Default: 5s.");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_connect, _attempt, _silence, _resolve];

    /// <summary>Puts what they say into a proxy's options.</summary>
    public ProxyOptions Apply(ProxyOptions options, SettingValues values) => options with
    {
        ConnectTimeout = values.Get(_connect) ?? options.ConnectTimeout,
        ConnectAttemptTimeout = values.Get(_attempt) ?? options.ConnectAttemptTimeout,
        UpstreamActivityTimeout = values.Get(_silence) ?? options.UpstreamActivityTimeout,
        ResolveInterval = values.Get(_resolve) ?? options.ResolveInterval,
    };
}
