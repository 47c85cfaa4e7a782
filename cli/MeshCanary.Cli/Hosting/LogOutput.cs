using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Hosting;

/// <summary>Writes log entries as single lines to standard error, so that results on standard output stay clean.</summary>
internal sealed class LogOutput(Terminal terminal, bool withStackTraces) : ILoggerProvider
{
    private readonly Lock _lock = new();

    /// <summary>Loggers that write entries of at least <paramref name="level"/>; where in the code they come from only for debugging.</summary>
    public static ILoggerFactory Create(Terminal terminal, LogLevel level) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(level).AddProvider(new LogOutput(terminal, level <= LogLevel.Debug));
        // What keeps a host from starting is thrown as well, and told at the edge in words.
        if (level > LogLevel.Debug)
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    });

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(string category, LogLevel level, string message, Exception? exception)
    {
        var now = terminal.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        // One entry, one line, whatever a message carries: a request must not be able to forge log entries.
        var text = message.ReplaceLineEndings(" ");
        if (exception is not null && !withStackTraces)
            text += $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})";
        lock (_lock)
        {
            terminal.Error.WriteLine($"{now} {Word(level)} {category}: {text}");
            if (exception is not null && withStackTraces)
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
