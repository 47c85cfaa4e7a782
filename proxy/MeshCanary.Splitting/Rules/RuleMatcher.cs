using System.Text.RegularExpressions;

namespace MeshCanary.Splitting.Rules;

/// <summary>Asks whether a rule holds for a request. Made once for a plan, since patterns take time to make ready. Thread-safe.</summary>
internal sealed class RuleMatcher
{
    private readonly MatchCondition[] _conditions;
    private readonly Regex?[] _patterns;

    /// <param name="rule">A valid rule.</param>
    public RuleMatcher(MatchRule rule)
    {
        _conditions = [.. rule.Conditions];
        _patterns = [.. rule.Conditions.Select(condition => condition.Operator == MatchOperator.Regex ? MatchPattern.Build(condition.Value) : null)];
    }

    /// <summary>True when every condition holds.</summary>
    public bool Holds<TRequest>(in TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        for (var i = 0; i < _conditions.Length; i++)
        {
            if (!Holds(_conditions[i], _patterns[i], in request))
                return false;
        }

        return true;
    }

    private static bool Holds<TRequest>(MatchCondition condition, Regex? pattern, in TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var isPath = condition.Part == RequestPart.Path;
        var actual = condition.Part switch
        {
            RequestPart.Path => request.Path,
            RequestPart.Method => request.Method,
            _ => request.Find(condition.Part, condition.Name),
        };
        if (actual is null)
            return false;

        return condition.Operator switch
        {
            MatchOperator.Present => true,
            MatchOperator.Exact => string.Equals(actual, condition.Value, StringComparison.Ordinal),
            MatchOperator.Prefix => actual.StartsWith(condition.Value, StringComparison.Ordinal)
                && (!isPath || EndsAtSegment(actual, condition.Value)),
            MatchOperator.Regex => MatchPattern.Matches(pattern!, actual),
            _ => false,
        };
    }

    private static bool EndsAtSegment(string path, string prefix) =>
        path.Length == prefix.Length || prefix.EndsWith('/') || path[prefix.Length] == '/';
}
