using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting;

/// <summary>
/// The caller's loggers without what the web server writes of its own: several lines per request, and the stack of a
/// failed start that the caller is told of in plain words.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory inner) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        // What it says of a failed start or stop is thrown as well.
        _ when categoryName.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) => new Raised(inner.CreateLogger(categoryName), LogLevel.None),
        _ when categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) => new Raised(inner.CreateLogger(categoryName), LogLevel.Warning),
        _ when categoryName.StartsWith("Grpc.", StringComparison.Ordinal) => new Raised(inner.CreateLogger(categoryName), LogLevel.Warning),
        _ => inner.CreateLogger(categoryName),
    };

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Nothing: the factory is the caller's.</summary>
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
