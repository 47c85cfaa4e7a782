using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>
/// Reads match rules. A rule is one condition, or <c>all</c> of several:
/// <code>
/// match:
///   - header: { name: x-beta, exact: "1" }
///   - path: { prefix: /beta }
///   - all:
///       - cookie: { name: plan, exact: gold }
///       - query: { name: preview, present: true }
/// </code>
/// A request goes to the canary when any rule holds.
/// </summary>
internal static class MatchBinder
{
    private const string Example = "{ header: { name: x-beta, exact: \"1\" } }, or cookie, query, path, or all: [...]";
    private static readonly string[] Parts = ["header", "cookie", "query", "path"];

    public static MatchRule? Rule(Value rule, ErrorList errors)
    {
        var fields = FieldSet.Of(rule, errors, Example);
        if (fields is null)
            return null;
        if (fields.Optional("all") is not { } all)
            return Condition(fields, errors, "all") is { } single ? new MatchRule([single]) : null;
        var given = Parts.Any(part => fields.Optional(part) is not null);
        if (given)
            errors.Add(rule, "holds 'all' beside another condition", "Move that condition into the list of 'all'");
        fields.Close();
        var conditions = Lists.Of(all, errors, "[{ header: ... }, { path: ... }]", item => FieldSet.Of(item, errors, Example) is { } inner ? Condition(inner, errors) : null);
        if (all.Node is { Kind: NodeKind.Sequence, Items.Count: 0 })
            errors.Add(all, "is empty and would hold for every request", "Give at least one condition");
        return conditions.IsEmpty ? null : new MatchRule(conditions);
    }

    private static MatchCondition? Condition(FieldSet fields, ErrorList errors, params ReadOnlySpan<string> alsoKnown)
    {
        fields.Ignore(alsoKnown);
        var given = Parts.Select((name, index) => (Part: (RequestPart)index, Value: fields.Optional(name))).Where(part => part.Value is not null).ToArray();
        fields.Close();
        if (given.Length == 1)
            return Bind(given[0].Part, given[0].Value!.Value, errors);
        errors.Add(fields.At, given.Length == 0 ? "holds no condition" : "holds several conditions", given.Length == 0 ? $"Write {Example}" : "Put them into a list: all: [...]");
        return null;
    }

    private static MatchCondition? Bind(RequestPart part, Value value, ErrorList errors)
    {
        var isPath = part == RequestPart.Path;
        var example = isPath ? "{ prefix: /beta }" : "{ name: x-beta, exact: \"1\" }";
        var fields = FieldSet.Of(value, errors, example);
        if (fields is null)
            return null;
        var name = isPath ? "" : Name(part, fields.Required("name", "name: x-beta"), errors);
        var comparison = Comparison(fields, isPath, errors);
        fields.Close();
        return name is null || comparison is not { } found ? null : new MatchCondition(part, name, found.Operator, found.Text);
    }

    private static string? Name(RequestPart part, Value? name, ErrorList errors) => part == RequestPart.Query
        ? Scalars.Text(name, errors, "preview")
        : Names.Token(name, errors, "x-beta");

    private static (MatchOperator Operator, string Text)? Comparison(FieldSet fields, bool isPath, ErrorList errors)
    {
        var exact = fields.Optional("exact");
        var prefix = fields.Optional("prefix");
        var present = isPath ? null : fields.Optional("present");
        var count = (exact is null ? 0 : 1) + (prefix is null ? 0 : 1) + (present is null ? 0 : 1);
        if (count != 1)
        {
            errors.Add(fields.At, count == 0 ? "says nothing to compare with" : "compares in several ways", isPath ? "Write one of exact and prefix" : "Write one of exact, prefix and present: true");
            return null;
        }

        if (present is { } is_)
            return Scalars.OneOf(is_, errors, "true") is null ? null : (MatchOperator.Present, "");
        var text = isPath ? Names.Path(exact ?? prefix, errors, "/beta") : Scalars.Text(exact ?? prefix, errors, "a text");
        if (text is "" && prefix is { } empty)
            errors.Add(empty, "is empty, and every text begins so", "Write present: true instead");
        return text is null ? null : (exact is null ? MatchOperator.Prefix : MatchOperator.Exact, text);
    }
}
