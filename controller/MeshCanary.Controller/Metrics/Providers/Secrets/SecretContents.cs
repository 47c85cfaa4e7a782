using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Providers.Secrets;

/// <summary>What a Secret holds. Never logged.</summary>
/// <param name="Keys">Texts by key; empty when it could not be read.</param>
/// <param name="Problem">Why it could not be read, and what to do; null when it could.</param>
/// <param name="MayPass">Whether the problem may pass by itself.</param>
internal sealed record SecretContents(ImmutableDictionary<string, string> Keys, string? Problem = null, bool MayPass = false)
{
    /// <summary>What is said of it anywhere: no value, whoever prints it.</summary>
    public override string ToString() => Problem ?? $"a Secret with {string.Join(", ", Keys.Keys.Order(StringComparer.Ordinal))}";
}
