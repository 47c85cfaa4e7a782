using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Says which match rules the Gateway API has no form for.</summary>
internal static class GatewayMatchCheck
{
    private const int LongestHeader = 4096;
    private const int LongestOther = 1024;
    private const string OrProxy = "or write router: { type: proxy }";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    private static readonly string[] Known = ["header", "cookie", "query", "path", "method"];
    private static readonly string[] Comparisons = ["exact", "prefix", "regex"];
    private static readonly string[] NotInPaths = ["//", "/./", "/../", "%2f", "%2F"];

    /// <summary>Checks a list of rules whose faults of form were said before.</summary>
    /// <param name="rules">The list; null for none.</param>
    /// <param name="hasGrpc">Whether a GRPCRoute is to hold them.</param>
    /// <param name="errors">Where it is said.</param>
    public static void Check(Value? rules, bool hasGrpc, ErrorList errors)
    {
        foreach (var rule in Items(rules))
        {
            var conditions = rule.Find("all") is { } all ? Items(all).ToArray() : [rule];
            var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (part, value) in conditions.SelectMany(Parts))
                Check(part, value, hasGrpc, named, errors);
        }
    }

    private static void Check(string part, Value value, bool hasGrpc, HashSet<string> named, ErrorList errors)
    {
        if (hasGrpc && (part is "path" or "method" or "query"))
        {
            errors.Add(value, $"is not possible in a GRPCRoute, which knows no {(part == "query" ? "query parameters" : part + "s of HTTP")}", $"Use a header, {OrProxy}");
            return;
        }

        // A cookie is found in the header of that name, and a match has each name once.
        var name = part switch { "cookie" => "header cookie", "header" => $"header {Text(value, "name")}", "query" => $"query {Text(value, "name")}", _ => part };
        if (!named.Add(name))
            errors.Add(value, $"is not possible in one rule with the other condition on {name}: the Gateway API has each once in a match", $"Write one condition for it, such as a regex, {OrProxy}");
        if (part == "method" && (value.Find("exact") is not { } method || !Methods.Contains(method.Node.Text)))
            errors.Add(value, $"is not possible with the router gatewayApi, which knows single methods alone: {string.Join(", ", Methods)}", $"Write one of them as exact, {OrProxy}");
        foreach (var given in Comparisons.Select(how => value.Find(how)).OfType<Value>())
            Check(part, given, errors);
    }

    private static void Check(string part, Value text, ErrorList errors)
    {
        var longest = part is "header" or "cookie" ? LongestHeader : LongestOther;
        if (text.Node.Text.Length == 0 && part != "cookie")
            errors.Add(text, "is empty, which the Gateway API cannot ask for", $"Remove it, {OrProxy}");
        else if (text.Node.Text.Length > longest)
            errors.Add(text, $"has {text.Node.Text.Length} characters; the Gateway API allows {longest}", "Shorten it");
        else if (part == "path" && !text.Path.EndsWith(".regex", StringComparison.Ordinal) && Array.Find(NotInPaths, text.Node.Text.Contains) is { } never)
            errors.Add(text, $"holds {never}, which the Gateway API does not allow in a path", "Write the path without it");
    }

    private static IEnumerable<(string Part, Value Value)> Parts(Value condition) =>
        from part in Known
        let value = condition.Find(part)
        where value is { Node.Kind: NodeKind.Mapping }
        select (part, value.Value);

    private static string Text(Value mapping, string field) => mapping.Find(field)?.Node.Text ?? "";

    private static IEnumerable<Value> Items(Value? list) =>
        list is { Node: { Kind: NodeKind.Sequence, Items: var items } } at ? Enumerable.Range(0, items.Count).Select(at.Item) : [];
}
