using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>What a provider answered.</summary>
internal abstract record MetricAnswer
{
    /// <summary>Finite numbers, one for each series of the answer.</summary>
    /// <param name="Found">The numbers; never empty.</param>
    internal sealed record Values(ImmutableArray<MetricValue> Found) : MetricAnswer;

    /// <summary>The provider works, and has no number for this: no series, an empty one, or one without a finite number.</summary>
    /// <param name="Reason">Why, in plain words.</param>
    internal sealed record Nothing(string Reason) : MetricAnswer;

    /// <summary>There is no answer.</summary>
    /// <param name="Kind">What kind of trouble.</param>
    /// <param name="Reason">What happened, where, and what to do, in plain words; without credentials.</param>
    internal sealed record Fault(FaultKind Kind, string Reason) : MetricAnswer
    {
        /// <summary>When the provider asked to be asked again; null when it did not say.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}
