using System.Globalization;
using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

/// <summary>A series as a test writes it: labels and samples, in seconds since the beginning of the test.</summary>
internal sealed record ScrapedSeries(string Metric, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(double At, double Value)> Samples)
{
    /// <summary>The beginning of the test.</summary>
    public static DateTimeOffset Epoch { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Its labels with its name, as an answer has them.</summary>
    public IReadOnlyDictionary<string, string> All => new Dictionary<string, string>(Labels, StringComparer.Ordinal) { ["__name__"] = Metric };

    /// <summary>A series of labels like <c>pod=a-1,code=200</c>, and samples like <c>0:5 15:9</c>.</summary>
    public static ScrapedSeries Of(string metric, string labels, string samples) => new(
        metric,
        labels.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
        [.. samples.Split(' ').Select(pair => pair.Split(':')).Select(pair => (Number(pair[0]), Number(pair[1])))]);

    /// <summary>A histogram whose buckets <c>le</c> hold shares of a total that grows, as <see cref="Of"/>.</summary>
    public static IEnumerable<ScrapedSeries> Histogram(string metric, string labels, string totals, params (string Le, double Share)[] buckets) => buckets.Select(bucket =>
    {
        var total = Of($"{metric}_bucket", $"{labels},le={bucket.Le}", totals);
        return total with { Samples = [.. total.Samples.Select(sample => (sample.At, Math.Floor(sample.Value * bucket.Share)))] };
    });

    /// <summary>As the client reads it.</summary>
    public PrometheusSeries Read() => new(All, [.. Samples.Select(sample => new PrometheusSample(Milliseconds(sample.At), sample.Value))], []);

    /// <summary>Milliseconds since 1970.</summary>
    public static long Milliseconds(double at) => Epoch.ToUnixTimeMilliseconds() + (long)Math.Round(at * 1000);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
