using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads what is tolerated and what is harmful.</summary>
internal static class MarginBinder
{
    private const string ErrorsExample = "errors: { tolerate: { absolute: 0.05%, relative: 10% }, harm: { absolute: 0.5% } }";
    private const int MostPercentiles = 16;
    private const int PercentileDigits = 4;
    private const string LatencyExample = "latency: { percentiles: [50, 90, 99], tolerate: 4.4%, harm: 19% }";

    public static AnalysisSettings Errors(Value? value, AnalysisSettings settings, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, ErrorsExample) is not { } fields)
            return settings;
        var harm = fields.Optional("harm");
        var (toleratedAbsolute, toleratedRelative) = Margin(fields.Optional("tolerate"), errors);
        var (harmAbsolute, harmRelative) = Margin(harm, errors);
        fields.Close();
        settings = settings with
        {
            ErrorToleranceAbsolute = toleratedAbsolute ?? settings.ErrorToleranceAbsolute,
            ErrorToleranceRelative = toleratedRelative ?? settings.ErrorToleranceRelative,
            ErrorHarmAbsolute = harmAbsolute ?? settings.ErrorHarmAbsolute,
            ErrorHarmRelative = harmRelative ?? settings.ErrorHarmRelative,
        };
        if (settings.ErrorHarmAbsolute <= settings.ErrorToleranceAbsolute)
            errors.Add(harm ?? fields.At, FormattableString.Invariant($"harm.absolute {settings.ErrorHarmAbsolute * 100:0.####}% is not above tolerate.absolute {settings.ErrorToleranceAbsolute * 100:0.####}%"), "Raise harm.absolute or lower tolerate.absolute");
        return settings;
    }

    public static AnalysisSettings Latency(Value? value, AnalysisSettings settings, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, LatencyExample) is not { } fields)
            return settings;
        var percentiles = fields.Optional("percentiles");
        var harm = fields.Optional("harm");
        settings = settings with
        {
            LatencyPercentiles = percentiles is { } given ? Percentiles(given, settings.LatencyPercentiles, errors) : settings.LatencyPercentiles,
            LatencyToleranceBuckets = Buckets(fields.Optional("tolerate"), errors, "4.4%") ?? settings.LatencyToleranceBuckets,
            LatencyHarmBuckets = Buckets(harm, errors, "19%") ?? settings.LatencyHarmBuckets,
        };
        fields.Close();
        if (settings.LatencyHarmBuckets <= settings.LatencyToleranceBuckets)
            errors.Add(harm ?? fields.At, FormattableString.Invariant($"harm ({Percent(settings.LatencyHarmBuckets):0.#}%) is not above tolerate ({Percent(settings.LatencyToleranceBuckets):0.#}%), as latencies are counted in steps of 4.4%"), "Raise harm or lower tolerate");
        return settings;
    }

    private static (double? Absolute, double? Relative) Margin(Value? value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "{ absolute: 0.05%, relative: 10% }") is not { } fields)
            return (null, null);
        var absolute = Scalars.Percent(fields.Optional("absolute"), errors, 0, 99.99m, "0.05%");
        var relative = Scalars.Percent(fields.Optional("relative"), errors, 0, 10_000, "10%");
        fields.Close();
        return (absolute, relative);
    }

    /// <summary>The nearest number of histogram buckets, each 2^(1/16) = 4.43 % wider than the one before; none only when nothing is asked for.</summary>
    private static int? Buckets(Value? value, ErrorList errors, string example)
    {
        if (Scalars.Percent(value, errors, 0, 10_000, example) is not { } margin)
            return null;
        var buckets = (int)Math.Round(16 * Math.Log2(1 + margin), MidpointRounding.AwayFromZero);
        if (buckets >= 1 || margin == 0)
            return buckets;
        errors.Add(value!.Value, $"'{value.Value.Node.Text}' is finer than latencies are counted, in steps of 4.4%", "Write 4.4% or more, or 0% to tolerate nothing");
        return null;
    }

    private static double Percent(int buckets) => (Math.Pow(2, buckets / 16.0) - 1) * 100;

    private static ImmutableArray<double> Percentiles(Value value, ImmutableArray<double> otherwise, ErrorList errors)
    {
        var before = errors.Count;
        var last = 0m;
        var read = Lists.Of(value, errors, "[50, 90, 99]", item => Percentile(item, ref last, errors));
        if (errors.Count == before && read.IsEmpty)
            errors.Add(value, "is empty", "Give at least one, such as [50, 90, 99]");
        if (errors.Count == before && read.Length > MostPercentiles)
            errors.Add(value, $"has {read.Length} percentiles; at most {MostPercentiles} are compared", "Keep those that matter, such as [50, 90, 99]: each one more takes some evidence from the others");
        return errors.Count == before ? [.. read.Select(one => one.Value)] : otherwise;
    }

    private static StrongBox? Percentile(Value value, ref decimal last, ErrorList errors)
    {
        if (Scalars.Number(value, errors, 0.0001m, 99.9999m, "a percentile between 0 and 100, such as 99") is not { } percentile)
            return null;
        if (decimal.Round(percentile, PercentileDigits) != percentile)
            errors.Add(value, $"'{value.Node.Text}' is finer than 0.0001", FormattableString.Invariant($"Write {decimal.Round(percentile, PercentileDigits):0.####}"));
        if (percentile <= last)
            errors.Add(value, $"{percentile} does not rise above the percentile before it, {last}", "Put them in order, each once");
        last = percentile;
        return new StrongBox((double)percentile);
    }

    private sealed record StrongBox(double Value);
}
