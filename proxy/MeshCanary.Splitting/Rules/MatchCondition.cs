namespace MeshCanary.Splitting.Rules;

/// <summary>One condition on a request.</summary>
/// <param name="Part">Where to look.</param>
/// <param name="Name">Name of the header, cookie or query parameter; empty for <see cref="RequestPart.Path"/> and <see cref="RequestPart.Method"/>.</param>
/// <param name="Operator">How to compare.</param>
/// <param name="Value">What to compare with; empty for <see cref="MatchOperator.Present"/>.</param>
public sealed record MatchCondition(RequestPart Part, string Name, MatchOperator Operator, string Value);
