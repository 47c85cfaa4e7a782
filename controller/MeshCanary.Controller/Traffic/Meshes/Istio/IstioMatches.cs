using System.Text.Json.Nodes;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>Conditions on requests as Istio has them, and routes' own narrowed by them. Pure.</summary>
internal static class IstioMatches
{
    private const string Special = @"\.+*?()|[]{}^$";

    /// <summary>A rule as the fields of a match of an HTTP route.</summary>
    public static JsonObject Of(MatchRule rule)
    {
        var match = new JsonObject();
        foreach (var condition in rule.Conditions)
        {
            var (field, name, value) = Of(condition);
            if (name is null)
                match[field] = value;
            else if (match[field] is JsonObject named)
                named[name] = value;
            else
                match[field] = new JsonObject { [name] = value };
        }

        return match;
    }

    /// <summary>A cookie that has a value.</summary>
    public static JsonObject Cookie(string name, string value) => new() { ["headers"] = new JsonObject { ["cookie"] = CookieValue(name, Escape(value)) } };

    /// <summary>What holds where both hold; null where Istio cannot say that.</summary>
    public static JsonObject? Both(JsonObject one, JsonObject other)
    {
        var both = one.DeepClone().AsObject();
        foreach (var (field, value) in other)
        {
            if (both[field] is not { } there)
                both[field] = value?.DeepClone();
            else if (field is "headers" or "queryParams")
            {
                foreach (var (name, wanted) in value!.AsObject())
                {
                    if (there[name] is { } same && !JsonNode.DeepEquals(same, wanted))
                        return null;
                    there[name] = wanted?.DeepClone();
                }
            }
            else if (Narrower(there, value!) is { } narrower)
                both[field] = narrower.DeepClone();
            else
                return null;
        }

        return both;
    }

    /// <summary>A text of which every character stands for itself in a pattern.</summary>
    public static string Escape(string text) => string.Concat(text.Select(letter => Special.Contains(letter, StringComparison.Ordinal) ? $@"\{letter}" : letter.ToString()));

    // Of two beginnings, or a beginning and a whole, the longer one says both.
    private static JsonNode? Narrower(JsonNode one, JsonNode other)
    {
        if (JsonNode.DeepEquals(one, other))
            return one;
        if (Text(one, "prefix") is { } begin && (Text(other, "prefix") ?? Text(other, "exact")) is { } longer && longer.StartsWith(begin, StringComparison.Ordinal))
            return other;
        return Text(other, "prefix") is { } beginning && (Text(one, "prefix") ?? Text(one, "exact")) is { } long1 && long1.StartsWith(beginning, StringComparison.Ordinal) ? one : null;
    }

    private static string? Text(JsonNode node, string name) => node is JsonObject mapping && mapping[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static (string Field, string? Name, JsonObject Value) Of(MatchCondition condition) => condition.Part switch
    {
        RequestPart.Header => ("headers", condition.Name.ToLowerInvariant(), Compare(condition)),
        RequestPart.Cookie => ("headers", "cookie", CookieValue(condition.Name, condition.Operator switch
        {
            MatchOperator.Exact => Escape(condition.Value),
            MatchOperator.Prefix => $"{Escape(condition.Value)}[^;]*",
            MatchOperator.Regex => $"(?:{condition.Value})",
            _ => "[^;]*",
        })),
        RequestPart.Query => ("queryParams", condition.Name, condition.Operator switch
        {
            // Istio has no prefix of a parameter, and no mere presence.
            MatchOperator.Prefix => new JsonObject { ["regex"] = $"{Escape(condition.Value)}.*" },
            MatchOperator.Present => new JsonObject { ["regex"] = ".*" },
            _ => Compare(condition),
        }),
        RequestPart.Path => ("uri", null, Compare(condition)),
        RequestPart.Method => ("method", null, Compare(condition)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Part, "Unknown part of a request."),
    };

    private static JsonObject Compare(MatchCondition condition) => condition.Operator switch
    {
        MatchOperator.Exact => new JsonObject { ["exact"] = condition.Value },
        MatchOperator.Prefix => new JsonObject { ["prefix"] = condition.Value },
        MatchOperator.Regex => new JsonObject { ["regex"] = condition.Value },
        // A name with nothing to compare: it is there.
        MatchOperator.Present => [],
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Operator, "Unknown operator."),
    };

    private static JsonObject CookieValue(string name, string pattern) => new() { ["regex"] = $@"(.*;\s*)?{Escape(name)}={pattern}(;.*)?" };
}
