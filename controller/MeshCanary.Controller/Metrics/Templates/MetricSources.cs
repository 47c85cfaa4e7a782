using System.Collections.Frozen;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>The providers that this build has. A metric of another one stays without an answer, with the reason.</summary>
internal static class MetricSources
{
    /// <summary>All of them, by type.</summary>
    public static FrozenDictionary<string, IMetricProvider> All { get; } = Of();

    /// <summary>Providers by their types.</summary>
    public static FrozenDictionary<string, IMetricProvider> Of(params IEnumerable<IMetricProvider> providers) => providers.ToFrozenDictionary(provider => provider.Type, StringComparer.Ordinal);
}
