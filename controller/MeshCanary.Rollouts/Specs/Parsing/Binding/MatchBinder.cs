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
    private const string Example = "{ header: { name: x-beta, exact: \"1\" } }, or cookie, query, path, method, or all: [...]";
    private static readonly string[] Parts = ["header", "cookie", "query", "path", "method"];

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
        var fields = FieldSet.Of(value, errors, ExampleOf(part));
        if (fields is null)
            return null;
        var isNamed = part is not (RequestPart.Path or RequestPart.Method);
        var name = isNamed ? Name(part, fields.Required("name", "name: x-beta"), errors) : "";
        var comparison = Comparison(fields, part, isNamed, errors);
        fields.Close();
        if (name is null || comparison is not { } found)
            return null;
        var condition = new MatchCondition(part, name, found.Operator, found.Text);
        if (found.Operator != MatchOperator.Regex || MatchRuleValidator.Problems(new MatchRule([condition])) is not [var problem, ..])
            return condition;
        errors.Add(found.At, problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.'), "Write a pattern for the whole value, such as (beta|preview)-[0-9]+");
        return null;
    }

    private static string ExampleOf(RequestPart part) => part switch
    {
        RequestPart.Path => "{ prefix: /beta }",
        RequestPart.Method => "{ exact: PUT }",
        _ => "{ name: x-beta, exact: \"1\" }",
    };

    private static string? Name(RequestPart part, Value? name, ErrorList errors) => part == RequestPart.Query
        ? Scalars.Text(name, errors, "preview")
        : Names.Token(name, errors, "x-beta");

    private static (MatchOperator Operator, string Text, Value At)? Comparison(FieldSet fields, RequestPart part, bool isNamed, ErrorList errors)
    {
        (MatchOperator Operator, Value? Value)[] known =
        [
            (MatchOperator.Exact, fields.Optional("exact")),
            (MatchOperator.Prefix, fields.Optional("prefix")),
            (MatchOperator.Regex, fields.Optional("regex")),
            (MatchOperator.Present, isNamed ? fields.Optional("present") : null),
        ];
        var given = known.Where(one => one.Value is not null).ToArray();
        if (given is not [var (how, found)])
        {
            errors.Add(fields.At, given.Length == 0 ? "says nothing to compare with" : "compares in several ways", isNamed ? "Write one of exact, prefix, regex and present: true" : "Write one of exact, prefix and regex");
            return null;
        }

        var at = found!.Value;
        if (how == MatchOperator.Present)
            return Scalars.OneOf(at, errors, "true") is null ? null : (how, "", at);
        var text = Text(part, how, at, errors);
        if (text is "" && how == MatchOperator.Prefix && isNamed)
            errors.Add(at, "is empty, and every text begins so", "Write present: true instead");
        return text is null ? null : (how, text, at);
    }

    private static string? Text(RequestPart part, MatchOperator how, Value value, ErrorList errors) => part switch
    {
        _ when how == MatchOperator.Regex => Scalars.Text(value, errors, "a pattern"),
        RequestPart.Path => Names.Path(value, errors, "/beta"),
        RequestPart.Method => Names.Token(value, errors, "PUT"),
        _ => Scalars.Text(value, errors, "a text"),
    };
}
