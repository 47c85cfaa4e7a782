using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Prometheus.Naming;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Reads raw samples of one Canary. Thread-safe.</summary>
internal sealed class SampleReader(SourceTools tools)
{
    /// <summary>Samples of both metrics, of some time up to an instant: the same instant, so that they show the same scrapes.</summary>
    public async Task<SourceSample> ReadAsync(CountedCanary canary, SourceQueries queries, DateTimeOffset at, TimeSpan range, CancellationToken cancellationToken)
    {
        var spec = canary.Source.Prometheus!;
        var (access, problem) = await EnterAsync(canary.Namespace, spec, cancellationToken).ConfigureAwait(false);
        var asked = (Requests: queries.RequestsOver(range), Latency: queries.LatencyOver(range));
        if (access is null)
            return new SourceSample([], [], [asked.Requests, asked.Latency], problem, null);
        var both = await Task.WhenAll(AskAsync(access, asked.Requests, at, cancellationToken), AskAsync(access, asked.Latency, at, cancellationToken)).ConfigureAwait(false);
        var fault = both[0].Fault ?? both[1].Fault;
        return new SourceSample(both[0].Series, both[1].Series, [asked.Requests, asked.Latency], fault?.Reason, fault?.RetryAfter);
    }

    private async Task<(PrometheusAccess? Access, string? Problem)> EnterAsync(string @namespace, PrometheusSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            var keys = await tools.Credentials.ReadAsync(@namespace, spec, cancellationToken).ConfigureAwait(false);
            var credentials = PrometheusCredentials.Of(keys, out var problem);
            return problem is null ? (new PrometheusAccess(spec.Address, credentials, spec.SkipsVerification, spec.Timeout), null) : (null, problem);
        }
        catch (IOException unreadable)
        {
            return (null, unreadable.Message);
        }
    }

    private async Task<PrometheusAnswer> AskAsync(PrometheusAccess access, string query, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var began = tools.Time.GetTimestamp();
        var answer = await tools.Client.AskAsync(access, query, at, cancellationToken).ConfigureAwait(false);
        tools.Metrics.Asked(tools.Time.GetElapsedTime(began), answer.Fault is { } fault ? Word(fault.Kind.ToString()) : "answered");
        return answer;
    }

    private static string Word(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
