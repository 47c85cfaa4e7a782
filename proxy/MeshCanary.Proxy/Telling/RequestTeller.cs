using MeshCanary.Proxy.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Proxy.Telling;

/// <summary>Tells of requests by access log and spans, whichever of them is on. Any thread.</summary>
internal sealed class RequestTeller : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly AccessLog? _log;
    private readonly Tracing? _tracing;

    private RequestTeller(ProxyOptions options, CollectorRegistry registry, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _log = options.AccessLog is { } log ? new AccessLog(log, registry, time, loggers.CreateLogger<AccessLog>()) : null;
        _tracing = options.Traces is { } traces ? new Tracing(traces, options.Name, time, loggers) : null;
    }

    /// <summary>What the options ask for; null for nothing.</summary>
    public static RequestTeller? Of(ProxyOptions options, CollectorRegistry registry, TimeProvider time, ILoggerFactory loggers) =>
        options.AccessLog is null && options.Traces is null ? null : new RequestTeller(options, registry, time, loggers);

    /// <summary>Makes it ready.</summary>
    /// <exception cref="IOException">The access log cannot be opened; the message names it.</exception>
    public void Start() => _log?.Start();

    /// <summary>Takes what may change while requests run.</summary>
    public void Change(AccessLogOptions? options)
    {
        if (_log is not null && options is not null)
            _log.Sampling = LogSampling.Of(options);
    }

    /// <summary>A request has arrived.</summary>
    /// <returns>Null when nothing will be told of it.</returns>
    public RequestTale? Notice(HttpContext context, long started)
    {
        var drawn = _log?.Draws() ?? false;
        return drawn || _tracing is not null || _log is { Sampling.EveryFailure: true } ? new RequestTale(context, started, drawn) : null;
    }

    /// <summary>Begins its span. The caller is an async method, so that what is current ends with it.</summary>
    public void Begin(RequestTale tale) => tale.Span = _tracing?.Begin(tale);

    /// <summary>It has ended.</summary>
    /// <param name="tale">The request.</param>
    /// <param name="fault">What was thrown, or null.</param>
    public void End(RequestTale tale, Exception? fault)
    {
        tale.Close(fault);
        if (_log is { } log && log.Sampling is var sampling && (tale.IsDrawn || (sampling.EveryFailure && tale.Failed)))
            log.Add(AccessLine.Of(tale, _time, sampling.WithQuery));
    }

    /// <summary>Lets what is under way reach its place, for a few seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _tracing?.Dispose();
        if (_log is not null)
            await _log.DisposeAsync();
    }
}
