using System.Globalization;
using Prometheus;

namespace MeshCanary.SampleService.Hosting;

/// <summary>What a service usually tells of itself: requests by status, and how long they took, failures among them. Thread-safe.</summary>
internal sealed class RequestMetrics
{
    /// <summary>Where it is told.</summary>
    public const string Path = "/metrics";

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly TimeProvider _time;
    private readonly Counter _requests;
    private readonly Histogram _duration;

    public RequestMetrics(TimeProvider time)
    {
        _time = time;
        var metrics = Metrics.WithCustomRegistry(_registry);
        _requests = metrics.CreateCounter("http_requests_total", "Requests that ended, by status.", "code");
        _duration = metrics.CreateHistogram(
            "http_request_duration_seconds", "Time from a request to the end of its answer.", new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, Math.Sqrt(2), 24) });
    }

    /// <summary>Answers a request, and counts it when it has ended.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate answer)
    {
        var began = _time.GetTimestamp();
        await answer(context);
        _requests.WithLabels(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)).Inc();
        _duration.Observe(_time.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Writes all figures as Prometheus reads them.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await _registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }
}
