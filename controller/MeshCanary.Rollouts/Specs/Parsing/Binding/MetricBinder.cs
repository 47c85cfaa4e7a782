using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.analysis.metrics</c>.</summary>
internal static class MetricBinder
{
    private const string Example = "{ name: orders, template: orders, counts: { tolerate: { absolute: 0.1% }, harm: { absolute: 1% } } }";

    private static readonly string[] Kinds = ["guard", "comparison", "counts", "distribution"];

    public static ImmutableArray<(MetricSpec Source, CustomMetric Use)> Bind(Value? metrics, TimeSpan interval, ErrorList errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. Lists.Of(metrics, errors, $"[{Example}]", item => Metric(item, interval, names, errors)).Select(bound => (bound.Source, bound.Use))];
    }

    /// <summary>The value of a query's variable.</summary>
    public static string? ArgumentValue(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "/checkout") is not { } text)
            return null;
        if (QueryText.IsValue(text))
            return text;
        errors.Add(value!.Value, $"'{text}' is not allowed: it has to be letters, digits and _-./:@%+*| only, which no query language reads as more than text", "Write anything else into the query itself");
        return null;
    }

    private static Bound? Metric(Value item, TimeSpan interval, HashSet<string> names, ErrorList errors)
    {
        var fields = FieldSet.Of(item, errors, Example);
        if (fields is null)
            return null;
        var before = errors.Count;
        var at = fields.Required("name", "name: orders");
        var name = Names.Label(at, errors, "orders");
        if (name is not null && !names.Add(name))
            errors.Add(at!.Value, $"'{name}' is given twice", "Give every metric a name of its own");
        var (named, written, weighed) = (fields.Optional("template"), fields.Optional("inline"), fields.Optional("weight"));
        var template = Names.Subdomain(named, errors, "orders");
        var inline = written is null ? null : MetricTemplateBinder.Bind(written, errors);
        var args = Arguments(fields.Optional("args"), errors);
        var every = Interval(fields.Optional("interval"), interval, errors);
        var delay = Durations.Read(fields.Optional("delay"), errors, TimeSpan.Zero, TimeSpan.FromMinutes(10), "20s");
        var required = Scalars.OneOf(fields.Optional("required"), errors, "true", "false");
        var weight = Scalars.Percent(weighed, errors, 0.1m, 90, "10%");
        var use = Use(fields, name ?? "", errors);
        var source = new MetricSpec { Name = name ?? "", Template = template, Inline = inline, Arguments = args, Interval = every };
        source = source with { Delay = delay ?? source.Delay };
        if ((named is null) == (written is null))
            errors.Add(item, "needs a template or an inline query, and one of them only", "Write template: with the name of a MetricTemplate, or inline: with provider and query");
        if (use is { Kind: CustomKind.Guard } && weighed is { } heavy)
            errors.Add(heavy, "a guard has no evidence to weigh", "Remove it");
        fields.Close();
        if (errors.Count > before || name is null || use is null)
            return null;
        foreach (var fault in inline is null ? [] : MetricTemplateFit.Faults(source, use.Kind, inline))
            errors.Add(item, fault.Split(". ")[0], fault[(fault.IndexOf(". ", StringComparison.Ordinal) + 2)..].TrimEnd('.'));
        use = use with
        {
            Required = required != "false",
            Weight = weight ?? use.Weight,
            // Two questions late, with the longest that a provider may take: one that does not answer is told long before.
            Patience = (2 * source.Interval) + source.Delay + TimeSpan.FromMinutes(12),
        };
        return new Bound(source, use);
    }

    private static TimeSpan Interval(Value? value, TimeSpan interval, ErrorList errors)
    {
        if (Durations.Read(value, errors, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "30s") is not { } given)
            return interval;
        if (given.Ticks % interval.Ticks != 0)
            errors.Add(value!.Value, FormattableString.Invariant($"{given.TotalSeconds:0.###} s is not a multiple of the analysis' interval of {interval.TotalSeconds:0.###} s"), "Write a multiple of it");
        return given;
    }

    private static ImmutableArray<MetricArgument> Arguments(Value? value, ErrorList errors)
    {
        if (value is not { } at)
            return [];
        if (at.Node.Kind != NodeKind.Mapping)
        {
            errors.Add(at, $"expected a mapping, found {at.Node.Describe()}", "Write { route: /checkout }");
            return [];
        }

        var read = ImmutableArray.CreateBuilder<MetricArgument>();
        foreach (var (key, node) in at.Node.Entries)
        {
            var name = Scalars.Text(new Value(key, at.Path), errors, "route");
            if (name is null || ArgumentValue(at.Field(name, node), errors) is not { } text)
                continue;
            if (read.Any(known => known.Name == name))
                errors.Add(new Value(key, at.Path), $"'{name}' is given twice", "Keep one of them");
            read.Add(new MetricArgument(name, text));
        }

        return read.ToImmutable();
    }

    private static CustomMetric? Use(FieldSet fields, string name, ErrorList errors)
    {
        var given = Kinds.Select(kind => (Kind: kind, At: fields.Optional(kind))).Where(use => use.At is not null).ToArray();
        if (given is [var one])
            return MetricUseBinder.Bind(one.Kind, name, one.At!.Value, errors);
        errors.Add(fields.At, given.Length == 0 ? "does not say what is done with the answers" : $"has {string.Join(" and ", given.Select(use => use.Kind))}; a metric is one of them", $"Write one of {string.Join(", ", Kinds)}");
        return null;
    }

    private sealed record Bound(MetricSpec Source, CustomMetric Use);
}
