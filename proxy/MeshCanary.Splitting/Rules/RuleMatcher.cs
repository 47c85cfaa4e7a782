namespace MeshCanary.Splitting.Rules;

/// <summary>Asks whether a rule holds for a request.</summary>
internal static class RuleMatcher
{
    /// <summary>True when every condition holds.</summary>
    public static bool Holds<TRequest>(MatchRule rule, in TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        foreach (var condition in rule.Conditions)
        {
            if (!Holds(condition, in request))
                return false;
        }

        return true;
    }

    private static bool Holds<TRequest>(MatchCondition condition, in TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var isPath = condition.Part == RequestPart.Path;
        var actual = isPath ? request.Path : request.Find(condition.Part, condition.Name);
        if (actual is null)
            return false;

        return condition.Operator switch
        {
            MatchOperator.Present => true,
            MatchOperator.Exact => string.Equals(actual, condition.Value, StringComparison.Ordinal),
            MatchOperator.Prefix => actual.StartsWith(condition.Value, StringComparison.Ordinal)
                && (!isPath || EndsAtSegment(actual, condition.Value)),
            _ => false,
        };
    }

    private static bool EndsAtSegment(string path, string prefix) =>
        path.Length == prefix.Length || prefix.EndsWith('/') || path[prefix.Length] == '/';
}
