using System.Collections.Immutable;

namespace MeshCanary.Splitting.Rules;

/// <summary>A rule that holds when all of its conditions hold.</summary>
/// <param name="Conditions">At least one.</param>
public sealed record MatchRule(ImmutableArray<MatchCondition> Conditions);
