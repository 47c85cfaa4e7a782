using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Proxy.Hosting;

/// <summary>
/// The caller's loggers without the lines that the web server and the forwarder write per request: at a thousand
/// requests a second they cost more than the forwarding, and a failing upstream would flood the log.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        _ when categoryName.StartsWith("Yarp.", StringComparison.Ordinal) => new Raised(inner.CreateLogger(categoryName), LogLevel.Error),
        // What keeps a host from starting is thrown as well, and said by whoever catches it.
        "Microsoft.Extensions.Hosting.Internal.Host" => new Raised(inner.CreateLogger(categoryName), LogLevel.None),
        // Where it may log anything at all, even what never happens, it makes an activity and a log scope of each request.
        "Microsoft.AspNetCore.Hosting.Diagnostics" => NullLogger.Instance,
        _ when categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) => new Raised(inner.CreateLogger(categoryName), LogLevel.Warning),
        _ => inner.CreateLogger(categoryName),
    };

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The factory is the caller's.
    public void Dispose()
    {
    }

    private sealed class Raised(ILogger inner, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
