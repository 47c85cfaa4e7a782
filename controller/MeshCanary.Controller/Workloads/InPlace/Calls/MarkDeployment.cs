using System.Collections.Immutable;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Writes labels and annotations of ours on the Deployment, and nothing else.</summary>
/// <param name="Uid">The Deployment that is meant.</param>
/// <param name="Labels">By name; null to remove one.</param>
/// <param name="Annotations">By name; null to remove one.</param>
internal sealed record MarkDeployment(string Uid, ImmutableSortedDictionary<string, string?> Labels, ImmutableSortedDictionary<string, string?> Annotations) : InPlaceCall
{
    public override string Says =>
        $"mark deployment {string.Join(' ', Labels.Concat(Annotations).Select(pair => $"{pair.Key[(pair.Key.IndexOf('/', StringComparison.Ordinal) + 1)..]}={pair.Value ?? "-"}"))}";
}
