using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>Narrows a route's matches by match rules: what both hold for. Nothing that is given is changed.</summary>
/// <param name="kind">The kind of route.</param>
internal sealed class Narrowing(string kind)
{
    private enum Fit
    {
        Holds,
        Never,
        Unsayable,
    }

    /// <summary>The matches that hold for what a rule of the route holds for, and any of the match rules too.</summary>
    /// <param name="matches">The rule's matches; null or empty for all requests.</param>
    /// <param name="rules">The match rules.</param>
    /// <param name="problem">What the API cannot say, in plain words; null when it can.</param>
    public JsonArray Narrow(JsonArray? matches, ImmutableArray<MatchRule> rules, out string? problem)
    {
        problem = null;
        var narrowed = new JsonArray();
        foreach (var match in matches is { Count: > 0 } ? matches.OfType<JsonObject>() : [[]])
        {
            foreach (var rule in rules)
            {
                var copy = match.DeepClone().AsObject();
                var fit = rule.Conditions.Select(condition => (Fit: Add(copy, condition), Condition: condition)).FirstOrDefault(tried => tried.Fit != Fit.Holds);
                if (fit.Fit == Fit.Unsayable)
                    problem = $"a match that says both {match.ToJsonString()} and the match rule on {Named(fit.Condition)}, for which the Gateway API has no form";
                if (fit.Fit == Fit.Holds && !narrowed.Any(other => JsonNode.DeepEquals(other, copy)))
                    narrowed.Add(copy);
            }
        }

        return narrowed;
    }

    private Fit Add(JsonObject match, MatchCondition condition) => condition.Part switch
    {
        RequestPart.Header => AddNamed(match, "headers", condition.Name, RequestPatterns.Value(condition), StringComparison.OrdinalIgnoreCase),
        RequestPart.Cookie => AddNamed(match, "headers", "cookie", ("RegularExpression", RequestPatterns.Cookie(condition)), StringComparison.OrdinalIgnoreCase),
        _ when kind != GatewayKinds.HttpRoute => Fit.Unsayable,
        RequestPart.Query => AddNamed(match, "queryParams", condition.Name, RequestPatterns.Value(condition), StringComparison.Ordinal),
        RequestPart.Path => AddPath(match, condition),
        _ => AddMethod(match, condition),
    };

    private static Fit AddNamed(JsonObject match, string list, string name, (string Type, string Value) wanted, StringComparison comparison)
    {
        var items = match[list] as JsonArray;
        if (items?.FirstOrDefault(item => name.Equals(Backends.Text(item, "name"), comparison)) is { } there)
        {
            var type = Backends.Text(there, "type") ?? "Exact";
            if (type == wanted.Type && Backends.Text(there, "value") == wanted.Value)
                return Fit.Holds;
            // Two different values never are one; a pattern and another cannot both be asked of one name.
            return type == "Exact" && wanted.Type == "Exact" ? Fit.Never : Fit.Unsayable;
        }

        if (items is null)
            match[list] = items = [];
        items.Add(new JsonObject { ["type"] = wanted.Type, ["name"] = name, ["value"] = wanted.Value });
        return Fit.Holds;
    }

    private static Fit AddPath(JsonObject match, MatchCondition condition)
    {
        var (type, value) = (Backends.Text(match["path"], "type") ?? "PathPrefix", Backends.Text(match["path"], "value") ?? "/");
        var (wantedType, wanted) = condition.Operator switch
        {
            MatchOperator.Exact => ("Exact", condition.Value),
            MatchOperator.Prefix => ("PathPrefix", condition.Value),
            _ => ("RegularExpression", RequestPatterns.Anchored(condition.Value)),
        };
        if (type == wantedType && value == wanted)
            return Fit.Holds;
        if ((type == "PathPrefix" && value == "/") || (type == "PathPrefix" && wantedType != "RegularExpression" && Covers(value, wanted)))
        {
            match["path"] = new JsonObject { ["type"] = wantedType, ["value"] = wanted };
            return Fit.Holds;
        }

        if (type == "RegularExpression" || wantedType == "RegularExpression")
            return Fit.Unsayable;
        return wantedType == "PathPrefix" && Covers(wanted, value) ? Fit.Holds : Fit.Never;
    }

    private static Fit AddMethod(JsonObject match, MatchCondition condition)
    {
        if (Backends.Text(match, "method") is { } there)
            return there == condition.Value ? Fit.Holds : Fit.Never;
        match["method"] = condition.Value;
        return Fit.Holds;
    }

    private static bool Covers(string prefix, string path) =>
        prefix.TrimEnd('/') is var trimmed && (path.TrimEnd('/') == trimmed || path.StartsWith(trimmed + "/", StringComparison.Ordinal));

    private static string Named(MatchCondition condition) => condition.Name.Length == 0 ? $"the {condition.Part}" : $"{condition.Part} {condition.Name}";
}
