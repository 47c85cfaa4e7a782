using System.Collections.Frozen;
using MeshCanary.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>Reads a proxy's configuration file again when it changes, and brings to the running proxy what may change.</summary>
internal sealed partial class ConfigurationWatch : IAsyncDisposable
{
    /// <summary>From one look at the file to the next.</summary>
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        [nameof(ProxyOptions.Name)] = "name",
        [nameof(ProxyOptions.Admin)] = "admin",
        [nameof(ProxyOptions.Controller)] = "controller",
        [nameof(ProxyOptions.TokenFile)] = "token-file",
        [nameof(ProxyOptions.AuthorityFile)] = "ca",
        [nameof(ProxyOptions.SnapshotFile)] = "snapshot-file",
        [nameof(ProxyOptions.Http3)] = "http3",
        [nameof(ProxyOptions.Sockets)] = "sockets",
        [nameof(ProxyOptions.TrustForwarded)] = "trust-forwarded",
        [nameof(ProxyOptions.CanaryDrain)] = "canary-drain",
        [nameof(ProxyOptions.AccessLog)] = "access-log",
        [nameof(ProxyOptions.Traces)] = "otlp-endpoint, otlp-protocol or trace-share",
        [nameof(ProxyOptions.ConnectTimeout)] = "connect-timeout",
        [nameof(ProxyOptions.ConnectAttemptTimeout)] = "connect-attempt-timeout",
        [nameof(ProxyOptions.UpstreamActivityTimeout)] = "upstream-timeout",
        [nameof(ProxyOptions.ResolveInterval)] = "resolve-interval",
        [nameof(ProxyLimits.RequestBody)] = "max-request-body",
        [nameof(ProxyLimits.Connections)] = "max-connections",
        [nameof(ProxyLimits.ResponseBuffer)] = "response-buffer",
        [nameof(ProxyLimits.Handshake)] = "handshake-timeout",
    }.ToFrozenDictionary();

    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, ProxyOptions> _read;
    private readonly ILogger _logger;
    private readonly string _path;
    private string _seen;
    private bool _isGone;
    private Task _run = Task.CompletedTask;

    private ConfigurationWatch(string path, string text, Func<string, ProxyOptions> read, ILogger logger) =>
        (_path, _seen, _read, _logger) = (path, text, read, logger);

    /// <summary>Begins to look; null when there is no file.</summary>
    /// <param name="path">The file, or null.</param>
    /// <param name="text">The text that the proxy was started with.</param>
    /// <param name="read">Makes options from a text.</param>
    /// <param name="proxy">The proxy that they are for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where changes and faults are told.</param>
    public static ConfigurationWatch? Start(string? path, string? text, Func<string, ProxyOptions> read, ProxyServer proxy, TimeProvider time, ILogger logger)
    {
        if (path is null)
            return null;
        var watch = new ConfigurationWatch(path, text ?? "", read, logger);
        watch._run = watch.RunAsync(proxy, time);
        return watch;
    }

    /// <summary>Looks no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync(ProxyServer proxy, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            await LookAsync(proxy, _end.Token).ConfigureAwait(false);
    }

    private async Task LookAsync(ProxyServer proxy, CancellationToken cancellationToken)
    {
        try
        {
            var text = await TextFiles.ReadAsync(_path, cancellationToken).ConfigureAwait(false);
            _isGone = false;
            if (text == _seen)
                return;
            _seen = text;
            var waiting = await proxy.ChangeAsync(_read(text), cancellationToken).ConfigureAwait(false);
            LogTaken(_path);
            if (waiting.Count > 0)
                LogNeedsRestart(string.Join(", ", waiting.Select(NameOf)));
        }
        catch (CommandFailure fault)
        {
            if (!_isGone)
                LogRefused(_path, fault.Message, fault.Remedy);
            // A file that is away is told once; one that is wrong is not read again before it changes.
            _isGone = true;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            LogRefused(_path, fault.Message, "mend the file; it is read again when it changes");
        }
    }

    private static string NameOf(string property) => Names.GetValueOrDefault(property, property);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} has changed and is in force.")]
    private partial void LogTaken(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed settings that need a restart and stay as they were: {Settings}.")]
    private partial void LogNeedsRestart(string settings);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} has changed and is not taken; the proxy goes on as before. {Reason} Remedy: {Remedy}")]
    private partial void LogRefused(string path, string reason, string remedy);
}
