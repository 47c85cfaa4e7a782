using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the queries of a metric template and their variables.</summary>
internal static class MetricQueryBinder
{
    /// <summary>The query, the one for the total, and the variables of their own; no query when there is none, or its braces are wrong.</summary>
    public static (string? Query, string? Total, ImmutableArray<MetricArgument> Arguments) Bind(FieldSet fields, ErrorList errors)
    {
        var (asked, ofTotal) = (fields.Required("query", "query: sum(rate(orders_total[1m]))"), fields.Optional("totalQuery"));
        var argsAt = fields.Optional("args");
        var (query, total) = (Query(asked, errors), Query(ofTotal, errors));
        var args = Lists.Of(argsAt, errors, "[{ name: route, default: /checkout }]", item => Argument(item, errors));
        if (query is not null && (ofTotal is null || total is not null))
            CheckVariables(asked!.Value, argsAt, query.Variables.Concat(total?.Variables ?? []), args, errors);
        return (query is null ? null : asked!.Value.Node.Text, total is null ? null : ofTotal!.Value.Node.Text, args);
    }

    private static QueryText? Query(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "sum(rate(orders_total[1m]))") is not { } text)
            return null;
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(value!.Value, "is empty", "Write a query in the provider's language");
            return null;
        }

        var read = QueryText.Read(text, out var fault);
        if (fault is not null)
            errors.Add(value!.Value, fault, "Write a variable as {{ name }}; for braces of the query's own put a space between them");
        return read;
    }

    private static MetricArgument? Argument(Value item, ErrorList errors)
    {
        var fields = FieldSet.Of(item, errors, "{ name: route, default: /checkout }");
        if (fields is null)
            return null;
        var at = fields.Required("name", "name: route");
        var name = Scalars.Text(at, errors, "route");
        var value = MetricBinder.ArgumentValue(fields.Optional("default"), errors);
        fields.Close();
        if (name is null)
            return null;
        if (QueryText.IsName(name) && !QueryText.Given.Contains(name))
            return new MetricArgument(name, value);
        errors.Add(at!.Value, QueryText.IsName(name) ? $"'{name}' is a variable that every query has" : $"'{name}' is not a name of a variable", "Write letters, digits and '_', beginning with a letter, and none of the variables that there are already");
        return null;
    }

    private static void CheckVariables(Value asked, Value? argsAt, IEnumerable<string> variables, ImmutableArray<MetricArgument> args, ErrorList errors)
    {
        var used = variables.ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in used.Where(name => !QueryText.Given.Contains(name) && args.All(known => known.Name != name)).Order(StringComparer.Ordinal))
        {
            var near = Suggestion.For(unknown, QueryText.Given.Order(StringComparer.Ordinal).Concat(args.Select(known => known.Name)).ToArray());
            errors.Add(asked, $"there is no variable '{unknown}'", near is null ? "Declare it under args, or use one of " + string.Join(", ", QueryText.Given.Order(StringComparer.Ordinal)) : $"Did you mean '{near}'?");
        }

        foreach (var unused in args.Where(known => !used.Contains(known.Name)))
            errors.Add(argsAt!.Value, $"'{unused.Name}' stands in no query", $"Write {{{{ {unused.Name} }}}} where it belongs, or remove it");
        if (args.GroupBy(known => known.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            errors.Add(argsAt!.Value, $"'{twice.Key}' is given twice", "Keep one of them");
    }
}
