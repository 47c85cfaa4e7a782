using System.Collections.Immutable;
using System.Text;

namespace MeshCanary.Splitting.Rules;

/// <summary>Finds everything that is wrong with a rule, so that its author can mend it in one go.</summary>
public static class MatchRuleValidator
{
    /// <summary>Lists the problems of a rule.</summary>
    /// <param name="rule">The rule, as it was written.</param>
    /// <returns>One sentence per problem, each naming the place in the rule; empty when the rule is valid.</returns>
    public static ImmutableArray<string> Problems(MatchRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);

        if (rule.Conditions.IsDefaultOrEmpty)
            return ["conditions: is empty and would hold for every request; give at least one condition."];

        var problems = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < rule.Conditions.Length; i++)
        {
            foreach (var problem in Problems(rule.Conditions[i]))
                problems.Add($"conditions[{i}].{problem}");
        }

        return problems.ToImmutable();
    }

    private static IEnumerable<string> Problems(MatchCondition condition)
    {
        if (!Enum.IsDefined(condition.Part))
            yield return $"part: {condition.Part} is unknown; use one of {string.Join(", ", Enum.GetNames<RequestPart>())}.";

        if (!Enum.IsDefined(condition.Operator))
            yield return $"operator: {condition.Operator} is unknown; use one of {string.Join(", ", Enum.GetNames<MatchOperator>())}.";

        if (NameProblem(condition) is { } name)
            yield return name;

        if (ValueProblem(condition) is { } value)
            yield return value;
    }

    private static string? NameProblem(MatchCondition condition)
    {
        var named = !string.IsNullOrWhiteSpace(condition.Name);
        return condition.Part switch
        {
            RequestPart.Path or RequestPart.Method when named =>
                $"name: '{condition.Name}' has no meaning for a {condition.Part.ToString().ToLowerInvariant()}; remove it.",
            RequestPart.Path or RequestPart.Method => null,
            _ when named => null,
            _ => $"name: is missing; name the {condition.Part.ToString().ToLowerInvariant()} to look at.",
        };
    }

    private static string? ValueProblem(MatchCondition condition)
    {
        var empty = string.IsNullOrEmpty(condition.Value);
        return (condition.Operator, condition.Part) switch
        {
            (MatchOperator.Present, RequestPart.Method) => "operator: Present holds for every method; use Exact or Regex.",
            (MatchOperator.Regex, _) => PatternProblem(condition),
            (MatchOperator.Present, _) => empty
                ? null
                : $"value: '{condition.Value}' has no meaning for Present; remove it or use Exact.",
            (_, RequestPart.Path) => condition.Value?.StartsWith('/') == true
                ? null
                : $"value: '{condition.Value}' must start with a slash, as every path does.",
            (_, RequestPart.Method) when empty => "value: is missing; name the method, such as GET.",
            (MatchOperator.Prefix, _) when empty => "value: is empty, and every text starts so; use Present instead.",
            _ => condition.Value is null ? "value: is missing." : null,
        };
    }

    private static string? PatternProblem(MatchCondition condition)
    {
        if (condition.Value is null)
            return "value: is missing.";
        // Their bytes are read one by one, so a set of letters beyond ASCII would not mean what it says.
        if (condition.Part is RequestPart.Header or RequestPart.Cookie && !Ascii.IsValid(condition.Value))
            return $"value: '{condition.Value}' holds characters beyond ASCII, which a pattern cannot find in a {condition.Part.ToString().ToLowerInvariant()}; use Exact or Prefix.";
        return MatchPattern.Fault(condition.Value) is { } fault ? $"value: {fault}" : null;
    }
}
