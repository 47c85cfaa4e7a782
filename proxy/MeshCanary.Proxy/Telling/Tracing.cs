using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MeshCanary.Proxy.Telling;

/// <summary>Makes spans and sends them off, in batches and on a thread of its own. Any thread.</summary>
internal sealed class Tracing : IDisposable
{
    /// <summary>Name of the instrumentation scope.</summary>
    public const string Scope = "MeshCanary.Proxy";

    private const string Service = "meshcanary-proxy";
    private const int LastExportMilliseconds = 2000;

    private static readonly string? Version = typeof(Tracing).Assembly.GetName().Version?.ToString(3);

    private readonly ActivitySource _source = new(Scope, Version);
    private readonly TracerProvider _provider;
    private readonly ExportFaults _faults;

    public Tracing(TraceOptions options, string instance, TimeProvider time, ILoggerFactory loggers)
    {
        _faults = new ExportFaults(time, loggers.CreateLogger<ExportFaults>());
        _provider = Sdk.CreateTracerProviderBuilder()
            // The environment's word on who this is goes last, and so before ours.
            .ConfigureResource(resource => resource.Clear().AddTelemetrySdk()
                .AddService(Service, serviceVersion: Version, serviceInstanceId: instance).AddEnvironmentVariableDetector())
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Share)))
            .AddSource(Scope)
            .AddOtlpExporter(exporter => (exporter.Endpoint, exporter.Protocol) = options.OverHttp
                ? (Signal(options.Endpoint), OtlpExportProtocol.HttpProtobuf)
                : (options.Endpoint, OtlpExportProtocol.Grpc))
            .Build();
    }

    /// <summary>Begins the span of a request, and makes it the parent of what the request causes.</summary>
    /// <returns>Null when the trace that it belongs to is not recorded.</returns>
    public RequestSpan? Begin(RequestTale tale) => RequestSpan.Begin(_source, tale);

    /// <summary>Sends off what is left, as long as that takes no more than two seconds.</summary>
    public void Dispose()
    {
        _provider.Shutdown(LastExportMilliseconds);
        _provider.Dispose();
        _faults.Dispose();
        _source.Dispose();
    }

    private static Uri Signal(Uri endpoint) => new($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/traces");
}
