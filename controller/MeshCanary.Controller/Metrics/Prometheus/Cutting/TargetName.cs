using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>Which process a series was scraped from.</summary>
internal static class TargetName
{
    /// <summary>The same for all series of a scrape, and for people: its pod and address.</summary>
    public static string Of(PrometheusSeries series) =>
        string.Join(' ', new[] { series.Label("job"), series.Label("pod"), series.Label("instance") }.Where(part => part.Length > 0)) is { Length: > 0 } name ? name : "a process without a name";
}
