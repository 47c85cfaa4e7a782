using System.Collections.Frozen;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.Secrets;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What questions are asked with.</summary>
/// <param name="Providers">Who answers, by type.</param>
/// <param name="Secrets">What lets us in there.</param>
/// <param name="Time">The clock.</param>
internal sealed record AskTools(FrozenDictionary<string, IMetricProvider> Providers, ISecretReader Secrets, TimeProvider Time)
{
    /// <summary>Questions under way at a time, over all Canaries.</summary>
    public const int MostQuestions = 16;

    /// <summary>Takes part in <see cref="MostQuestions"/>.</summary>
    public SemaphoreSlim Places { get; } = new(MostQuestions, MostQuestions);
}
