using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>Keeps every line that would be logged.</summary>
internal sealed class LogSink : ILoggerFactory
{
    public ConcurrentQueue<(string Category, LogLevel Level, string Text, Exception? Failure)> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(LogSink sink, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            sink.Lines.Enqueue((category, logLevel, formatter(state, exception), exception));
    }
}
