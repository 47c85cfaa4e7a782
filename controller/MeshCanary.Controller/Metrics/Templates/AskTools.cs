using System.Collections.Frozen;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What questions are asked with.</summary>
/// <param name="Providers">Who answers, by type.</param>
/// <param name="Credentials">What lets us in there.</param>
/// <param name="Time">The clock.</param>
internal sealed record AskTools(FrozenDictionary<string, IMetricProvider> Providers, IMetricCredentials Credentials, TimeProvider Time)
{
    /// <summary>Questions under way at a time, over all Canaries.</summary>
    public const int MostQuestions = 16;

    /// <summary>Takes part in <see cref="MostQuestions"/>.</summary>
    public SemaphoreSlim Places { get; } = new(MostQuestions, MostQuestions);
}
