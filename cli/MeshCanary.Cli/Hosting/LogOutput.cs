using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Hosting;

/// <summary>Writes log entries as single lines to standard error, so that results on standard output stay clean.</summary>
internal sealed class LogOutput(Terminal terminal) : ILoggerProvider
{
    private readonly Lock _lock = new();

    /// <summary>Loggers that write entries of at least <paramref name="level"/>.</summary>
    public static ILoggerFactory Create(Terminal terminal, LogLevel level) =>
        LoggerFactory.Create(logging => logging.SetMinimumLevel(level).AddProvider(new LogOutput(terminal)));

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(string category, LogLevel level, string message, Exception? exception)
    {
        var now = terminal.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        // One entry, one line, whatever a message carries: a request must not be able to forge log entries.
        var text = message.ReplaceLineEndings(" ");
        lock (_lock)
        {
            terminal.Error.WriteLine($"{now} {Word(level)} {category}: {text}");
            if (exception is not null)
                terminal.Error.WriteLine(exception);
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "critical",
        _ => level.ToString().ToLowerInvariant(),
    };

    private sealed class Category(LogOutput output, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            output.Write(name, logLevel, formatter(state, exception), exception);
    }
}
