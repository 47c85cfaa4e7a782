using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Telling;

/// <summary>Logs that spans cannot be sent, which the exporter itself says to nobody: once a minute at most.</summary>
internal sealed partial class ExportFaults(TimeProvider time, ILogger<ExportFaults> logger) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _told;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var now = time.GetTimestamp();
        var told = Interlocked.Read(ref _told);
        if ((told != 0 && time.GetElapsedTime(told, now) < Pause) || Interlocked.CompareExchange(ref _told, now, told) != told)
            return;
        LogFault(string.Join("; ", eventData.Payload?.Select(FirstLine) ?? []));
    }

    // Whoever reads the log wants the cause, and not the exporter's stack.
    private static string? FirstLine(object? it) => it?.ToString()?.Split([" at ", "\n"], 2, StringSplitOptions.None)[0].TrimEnd();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Spans cannot be sent and are dropped; requests are served. See that the OTLP receiver runs and is the one of --otlp-endpoint. It says: {Fault}")]
    private partial void LogFault(string fault);
}
