using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>How far the asking for a Canary is.</summary>
/// <param name="Ready">Spans that are done, by metric in the order of time.</param>
/// <param name="AskAgainAt">When the next span is due; null for never.</param>
internal sealed record AskOutcome(ImmutableArray<AskedSpan> Ready, DateTimeOffset? AskAgainAt)
{
    /// <summary>Nothing is asked.</summary>
    public static AskOutcome None { get; } = new([], null);
}
