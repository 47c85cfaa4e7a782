using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Answers the queries of metric templates of type <c>prometheus</c>: the value of an expression at the end of the time asked for.</summary>
internal sealed class PrometheusProvider(PrometheusClient client) : IMetricProvider
{
    /// <inheritdoc/>
    public string Type => "prometheus";

    /// <inheritdoc/>
    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        var credentials = PrometheusCredentials.Of(Shown(question), out var problem);
        if (problem is not null)
            return new MetricAnswer.Fault(FaultKind.Refused, $"{problem} (Secret {question.Namespace}/{question.Provider.SecretName})");
        var access = new PrometheusAccess(question.Provider.Address, credentials, question.Provider.Tls?.InsecureSkipVerify == true, question.Timeout);
        var answer = await client.AskAsync(access, question.Query, question.To, cancellationToken).ConfigureAwait(false);
        if (answer.Fault is { } fault)
            return fault;
        if (answer.Series.Any(series => series.Samples.Length > 1))
            return new MetricAnswer.Fault(FaultKind.BadQuery, "the query gives all samples of a time, not one number; put it into a function such as rate or avg_over_time");
        if (answer.Series.Any(series => !series.Histograms.IsEmpty))
            return new MetricAnswer.Fault(FaultKind.BadQuery, "the query gives histograms, not numbers; put it into histogram_quantile, histogram_count or histogram_sum");
        var found = answer.Series.SelectMany(series => series.Samples.Select(sample => (series.Labels, Sample: sample))).ToList();
        var finite = found.Where(one => double.IsFinite(one.Sample.Value)).ToList();
        if (found.Count == 0)
            return new MetricAnswer.Nothing("no series matches the query");
        // One that is no number among others that are would leave out a part in silence.
        if (finite.Count < found.Count)
            return new MetricAnswer.Nothing($"{found.Count - finite.Count} of {found.Count} series have no finite number, as a division by zero has none");
        return new MetricAnswer.Values([
            .. finite.Select(one => new MetricValue(one.Labels.ToImmutableDictionary(StringComparer.Ordinal), one.Sample.Value, DateTimeOffset.FromUnixTimeMilliseconds(one.Sample.At))),
        ]);
    }

    // What the template says of headers and authorities goes along with what its Secret holds.
    private static ImmutableDictionary<string, string> Shown(MetricQuestion question)
    {
        var keys = question.Credentials.ToBuilder();
        foreach (var (name, value) in question.Provider.Headers)
            keys.TryAdd($"{CredentialKeys.HeaderPrefix}{name}", value);
        if (question.Provider.Tls?.Authority is { } authority)
            keys[CredentialKeys.Authority] = authority;
        return keys.ToImmutable();
    }
}
