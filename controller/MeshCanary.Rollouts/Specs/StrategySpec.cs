using System.Collections.Immutable;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Rollouts.Specs;

/// <summary>How a new version is exposed, step by step.</summary>
public sealed record StrategySpec
{
    /// <summary>Name of the strategy; <c>canary</c> walks the steps.</summary>
    public string Type { get; init; } = "canary";

    /// <summary>The steps in order; weights rise.</summary>
    public required ImmutableArray<StepSpec> Steps { get; init; }

    /// <summary>Keeps a user on one arm; null for none.</summary>
    public StickinessSpec? Stickiness { get; init; }

    /// <summary>
    /// Requests that match any of these go to the canary while it has weight. In YAML a rule is one condition, or <c>all</c> of
    /// several; a condition is a header, cookie, query parameter (with <c>name</c> and one of <c>exact</c>, <c>prefix</c>,
    /// <c>regex</c> and <c>present: true</c>), or path or method (with one of <c>exact</c>, <c>prefix</c> and <c>regex</c>):
    /// <code>
    /// match:
    ///   - header: { name: x-beta, exact: "1" }
    ///   - path: { prefix: /beta }
    ///   - all: [{ cookie: { name: plan, exact: gold } }, { query: { name: preview, present: true } }]
    /// </code>
    /// </summary>
    public ImmutableArray<MatchRule> Match { get; init; } = [];

    /// <summary>Copies of stable's requests for the canary; null for none.</summary>
    public MirrorSpec? Mirror { get; init; }

    /// <summary>What a run may cost at most; null for no limit.</summary>
    public ExposureSpec? Exposure { get; init; }

    /// <summary>When a proxy by itself takes the canary out; null for never.</summary>
    public CircuitSpec? Circuit { get; init; } = new();
}
