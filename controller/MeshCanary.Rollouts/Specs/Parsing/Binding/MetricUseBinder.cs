using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads what is done with the answers to a custom metric.</summary>
internal static class MetricUseBinder
{
    private const decimal Largest = 1_000_000_000_000_000m;

    public static CustomMetric? Bind(string kind, string name, Value value, ErrorList errors) => kind switch
    {
        "guard" => Guard(name, value, errors),
        "comparison" => Comparison(name, value, errors),
        "counts" => Counts(name, value, errors),
        _ => Distribution(name, value, errors),
    };

    private static CustomMetric? Guard(string name, Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "guard: { max: 100 }") is not { } fields)
            return null;
        var metric = new CustomMetric
        {
            Name = name,
            Kind = CustomKind.Guard,
            Min = Number(fields.Optional("min"), errors),
            Max = Number(fields.Optional("max"), errors),
            BothArms = Scalars.OneOf(fields.Optional("of"), errors, "canary", "both") == "both",
            Intervals = (int)(Scalars.Whole(fields.Optional("intervals"), errors, 1, 1000, "2") ?? 2),
        };
        if (fields.Optional("min") is null && fields.Optional("max") is null)
            errors.Add(value, "has no limit", "Write min, max or both");
        else if (metric.Min > metric.Max)
            errors.Add(fields.Optional("min")!.Value, "is above max: no value would be allowed", "Lower min or raise max");
        fields.Close();
        return metric;
    }

    private static CustomMetric? Comparison(string name, Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "comparison: { worse: increase, tolerate: { relative: 5% }, harm: { relative: 20% } }") is not { } fields)
            return null;
        var (tolerate, harm) = Margins(fields, at => Number(at, errors), errors);
        var metric = new CustomMetric
        {
            Name = name,
            Kind = CustomKind.Comparison,
            Worse = Worse(fields, errors),
            ToleranceAbsolute = tolerate.Absolute,
            ToleranceRelative = tolerate.Relative,
            HarmAbsolute = harm.Absolute,
            HarmRelative = harm.Relative,
        };
        fields.Close();
        return metric;
    }

    private static CustomMetric? Counts(string name, Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "counts: { tolerate: { absolute: 0.1% }, harm: { absolute: 1% } }") is not { } fields)
            return null;
        var (tolerate, harm) = Margins(fields, at => Scalars.Percent(at, errors, 0, 99.99m, "0.1%"), errors);
        var metric = new CustomMetric
        {
            Name = name,
            Kind = CustomKind.Counts,
            Worse = Worse(fields, errors),
            ToleranceAbsolute = tolerate.Absolute,
            ToleranceRelative = tolerate.Relative,
            HarmAbsolute = harm.Absolute,
            HarmRelative = harm.Relative,
        };
        metric = metric with { Overdispersion = Overdispersion(fields, errors) ?? metric.Overdispersion };
        fields.Close();
        return metric;
    }

    private static CustomMetric? Distribution(string name, Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "distribution: { percentiles: [50, 99], tolerate: 5%, harm: 20% }") is not { } fields)
            return null;
        var defaults = new CustomMetric { Name = name, Kind = CustomKind.Distribution };
        var percentiles = Lists.Of(fields.Optional("percentiles"), errors, "[50, 99]", item =>
            Scalars.Number(item, errors, 0.0001m, 99.9999m, "a percentile between 0 and 100, such as 99") is { } percentile ? new Percentile((double)percentile) : null);
        var metric = defaults with
        {
            Percentiles = percentiles.IsEmpty ? defaults.Percentiles : [.. percentiles.Select(percentile => percentile.Value)],
            ToleranceFactor = 1 + (Scalars.Percent(fields.Optional("tolerate"), errors, 0, 10_000, "5%") ?? 0),
            HarmFactor = 1 + (Scalars.Percent(fields.Required("harm", "harm: 20%"), errors, 0, 10_000, "20%") ?? 1),
            Overdispersion = Overdispersion(fields, errors) ?? defaults.Overdispersion,
        };
        if (metric.HarmFactor <= metric.ToleranceFactor)
            errors.Add(fields.Optional("harm") ?? value, "is not above tolerate", "Raise harm or lower tolerate");
        if (percentiles.Where((percentile, place) => place > 0 && percentile.Value <= percentiles[place - 1].Value).Any())
            errors.Add(fields.Optional("percentiles")!.Value, "do not rise", "Put them in order, each once");
        fields.Close();
        return metric;
    }

    private static ((double Absolute, double Relative) Tolerate, (double Absolute, double Relative) Harm) Margins(FieldSet fields, Func<Value?, double?> absolute, ErrorList errors)
    {
        var tolerate = Margin(fields.Optional("tolerate"), absolute, errors);
        var at = fields.Required("harm", "harm: { relative: 20% }");
        var harm = Margin(at, absolute, errors);
        if (at is { } written && (harm.Absolute < tolerate.Absolute || harm.Relative < tolerate.Relative || harm == tolerate))
            errors.Add(written, "is not above tolerate", "Raise absolute or relative of harm, and leave neither below that of tolerate");
        return (tolerate, harm);
    }

    private static (double Absolute, double Relative) Margin(Value? value, Func<Value?, double?> absolute, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "{ absolute: 1, relative: 5% }") is not { } fields)
            return (0, 0);
        var read = (absolute(fields.Optional("absolute")) ?? 0, Scalars.Percent(fields.Optional("relative"), errors, 0, 10_000, "5%") ?? 0);
        if (read.Item1 < 0)
            errors.Add(fields.Optional("absolute")!.Value, "is below zero", "Write zero or more; worse says which way it counts");
        fields.Close();
        return read;
    }

    private static WorseDirection Worse(FieldSet fields, ErrorList errors) => Scalars.OneOf(fields.Optional("worse"), errors, "increase", "decrease", "either") switch
    {
        "decrease" => WorseDirection.Decrease,
        "either" => WorseDirection.Either,
        _ => WorseDirection.Increase,
    };

    private static double? Overdispersion(FieldSet fields, ErrorList errors) =>
        (double?)Scalars.Number(fields.Optional("overdispersion"), errors, 1, 1000, "1, for independent events, or more");

    private static double? Number(Value? value, ErrorList errors) => (double?)Scalars.Number(value, errors, -Largest, Largest, "100");

    private sealed record Percentile(double Value);
}
