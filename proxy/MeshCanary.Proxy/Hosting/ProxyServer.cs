using System.Net;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Reporting;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Upstreams;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Proxy.Hosting;

/// <summary>A running proxy: data plane, admin endpoints and the stream to the controller. Disposing drains and stops it.</summary>
public sealed partial class ProxyServer : IAsyncDisposable
{
    private static readonly TimeSpan LastReportLimit = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly ILogger<ProxyServer> _logger;
    private readonly EndpointBoard _endpoints;
    private readonly RequestTeller? _teller;
    private readonly DataPlane _data;
    private readonly AdminPlane _admin;
    private readonly Readiness _readiness;
    private readonly SnapshotIntake _intake;
    private readonly ControllerLink _link;
    private readonly ReportClock _clock;
    private readonly CancellationTokenSource _stopClock = new();
    private readonly CancellationTokenSource _stopLink = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProxyOptions _options;
    private Task _clockRuns = Task.CompletedTask;
    private Task _linkRuns = Task.CompletedTask;
    private Task _intakeRuns = Task.CompletedTask;
    private Task _certificatesRun = Task.CompletedTask;
    private int _stopping;

    private ProxyServer(ProxyOptions options, TimeProvider time, ILoggerFactory callersLoggers, Action<IWebHostBuilder>? quic)
    {
        (_options, _time) = (options, time);
        var loggers = new QuietLoggers(callersLoggers);
        _logger = loggers.CreateLogger<ProxyServer>();
        var tables = new RouteTableHolder();
        var counters = new CounterBook();
        var registry = Metrics.NewCustomRegistry();
        // Of the process as a whole: memory, processor time, threads, open handles, collections.
        DotNetStats.Register(registry);

        _readiness = new Readiness(tables);
        _teller = RequestTeller.Of(options, registry, time, loggers);
        _endpoints = new EndpointBoard(new ConnectLimits(options.ConnectTimeout, options.ConnectAttemptTimeout), time, loggers, options.ResolveInterval, silence: options.UpstreamActivityTimeout,
            onLoops: options.Sockets == SocketMode.Auto);
        _data = new DataPlane(options, tables, time, loggers, _teller, quic);
        _admin = new AdminPlane(options.Admin, registry, _readiness, loggers);
        var file = options.SnapshotFile is { } path ? new SnapshotFile(path, loggers.CreateLogger<SnapshotFile>()) : null;
        var endings = new CanaryEndings(options.CanaryDrain, time, loggers.CreateLogger<CanaryEndings>());
        var guards = new GuardBook(counters, time, loggers.CreateLogger<CanaryGuard>());
        var mirrors = new MirrorBook();
        var builder = new RouteTableBuilder(_endpoints, counters, endings, guards, mirrors, options.TrustForwarded);
        var applier = new SnapshotApplier(builder, tables, _endpoints, endings, guards, mirrors, counters);
        _intake = new SnapshotIntake(applier, guards, file, loggers.CreateLogger<SnapshotIntake>());

        var reports = new ReportQueue(new IntervalReader(counters, tables, _endpoints, mirrors, time));
        var address = new ControllerAddress(options);
        var turn = new ControllerTurn(options.Controller.DnsSafeHost, options.ControllerNames ?? new SystemNames());
        _link = new ControllerLink(new Introduction(options, tables), address, turn, reports, _intake, time, loggers.CreateLogger<ControllerLink>());
        var metrics = new ProxyMetrics(registry, counters, tables, new GuardMetrics(registry, tables, mirrors));
        metrics.Observe(registry, _link, reports, _intake);
        _ = new TlsMetrics(registry, _data.Clients.Certificates);
        _clock = new ReportClock(reports, _link, metrics, time);

        // Says at the start what would otherwise only be logged at each attempt.
        address.Credentials();
        address.Open(at: null).Dispose();
    }

    /// <summary>The first address that clients connect to, with the port that was taken: without TLS when there is one.</summary>
    public IPEndPoint Listen => Cleartext.Concat(WithTls).First();

    /// <summary>Where clients connect without TLS, with the ports that were taken, in the order in which they were asked for.</summary>
    public IReadOnlyList<IPEndPoint> Cleartext => _data.Clients.Ports.Cleartext;

    /// <summary>Where clients connect with TLS.</summary>
    public IReadOnlyList<IPEndPoint> WithTls => _data.Clients.Ports.Tls;

    /// <summary>Where the admin endpoints are, with the port that was taken.</summary>
    public IPEndPoint Admin => _admin.Address;

    /// <summary>Whether it has a configuration and serves by it.</summary>
    public bool IsReady => _readiness.Obstacle is null;

    /// <summary>Completes when the proxy has stopped.</summary>
    public Task Completion => _stopped.Task;

    /// <summary>
    /// Completes, with the reason and its remedy, when the controller first refuses this proxy as such: another protocol
    /// version, a wrong token. The proxy goes on serving and trying; a caller that wants to end does so.
    /// </summary>
    public Task<string> Refused => _link.Refused;

    /// <summary>
    /// Starts a proxy. It serves from the snapshot file at once when there is one, connects to the controller and
    /// keeps trying for as long as it runs.
    /// </summary>
    /// <exception cref="IOException">An address is in use, or the token, authority or snapshot file cannot be read; the message names it.</exception>
    public static Task<ProxyServer> StartAsync(ProxyOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        return StartAsync(options, time, loggers, QuicSupport.For(options.Http3), cancellationToken);
    }

    /// <summary>As above, with another QUIC than the system's; null for none.</summary>
    internal static async Task<ProxyServer> StartAsync(
        ProxyOptions options, TimeProvider time, ILoggerFactory loggers, Action<IWebHostBuilder>? quic, CancellationToken cancellationToken)
    {
        var server = new ProxyServer(options, time, loggers, quic);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposePartsAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes other options into force while it runs: addresses, certificates and the limits that can change. Addresses that
    /// stay are not touched, and connections of those that go end when they can, within the drain timeout. One call at a time.
    /// </summary>
    /// <returns>The names of properties that differ and need a restart; they stay as they were.</returns>
    /// <exception cref="IOException">An address cannot be listened on, or a file cannot be read; the message names it. Nothing is changed.</exception>
    /// <exception cref="InvalidDataException">A certificate cannot be used; the message names it. Nothing is changed.</exception>
    public async Task<IReadOnlyList<string>> ChangeAsync(ProxyOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        await _data.Clients.ChangeAsync(options, cancellationToken);
        var left = OptionChange.NeedingRestart(_options, options);
        _teller?.Change(options.AccessLog);
        _options = OptionChange.Merge(_options, options);
        return left;
    }

    /// <summary>Stops taking new connections, lets requests in flight finish within the drain timeout, and stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopping, 1) != 0)
        {
            await _stopped.Task.WaitAsync(cancellationToken);
            return;
        }

        _readiness.Drain();
        _data.Clients.Ports.Announce();
        try
        {
            await Task.Delay(_options.DrainDelay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync(cancellationToken);
            // Every request has ended and is counted: the last report is complete.
            await EndAsync(_stopClock, _clockRuns);
            await _clock.FlushAsync(LastReportLimit);
            await EndAsync(_stopLink, Task.WhenAll(_linkRuns, _intakeRuns, _certificatesRun));
            await DisposePartsAsync();
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _teller?.Start();
        _intake.Restore();
        await _admin.StartAsync(cancellationToken);
        await _data.StartAsync(cancellationToken);
        _intakeRuns = WatchAsync(_intake.RunAsync(_stopLink.Token), "taking configurations");
        _linkRuns = WatchAsync(_link.RunAsync(_stopLink.Token), "the stream to the controller");
        _certificatesRun = WatchAsync(_data.Clients.Certificates.WatchAsync(_stopLink.Token), "looking at certificates");
        _clockRuns = WatchAsync(_clock.RunAsync(_stopClock.Token), "reporting");
    }

    // Serving goes on without them, but somebody must know.
    private async Task WatchAsync(Task loop, string what)
    {
        try
        {
            await loop;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogLoopEnded(what, fault);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.DrainTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _data.StopAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // What has not ended by now was broken off.
        }
    }

    private static async Task EndAsync(CancellationTokenSource stop, Task runs)
    {
        await stop.CancelAsync();
        await runs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DisposePartsAsync()
    {
        await _data.DisposeAsync();
        if (_teller is not null)
            await _teller.DisposeAsync();
        await _admin.DisposeAsync();
        _endpoints.Dispose();
        _stopClock.Dispose();
        _stopLink.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The proxy's loop for {What} failed and has ended. Serving goes on; restart the proxy, and report this.")]
    private partial void LogLoopEnded(string what, Exception fault);
}
