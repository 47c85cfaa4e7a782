using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>One series of an answer. Immutable.</summary>
/// <param name="Labels">Its labels, the metric's name among them.</param>
/// <param name="Samples">Its numbers, in the order of time.</param>
/// <param name="Histograms">Its native histograms, in the order of time.</param>
internal sealed record PrometheusSeries(
    IReadOnlyDictionary<string, string> Labels, ImmutableArray<PrometheusSample> Samples, ImmutableArray<PrometheusHistogram> Histograms)
{
    /// <summary>When it was scraped, in milliseconds since 1970.</summary>
    public IEnumerable<long> Times => Samples.Select(sample => sample.At).Concat(Histograms.Select(histogram => histogram.At));

    /// <summary>A label's value; empty when it has none, which is the same in Prometheus.</summary>
    public string Label(string name) => Labels.GetValueOrDefault(name, "");
}
