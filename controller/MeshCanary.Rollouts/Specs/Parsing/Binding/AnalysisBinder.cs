using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.analysis</c>.</summary>
internal static class AnalysisBinder
{
    private const int LeastPlanned = 60;
    private const int MostPlanned = 100_000;

    public static AnalysisSpec Bind(Value? analysis, Platform platform, ErrorList errors, out Value? unit, out Value? judge)
    {
        unit = judge = null;
        var spec = new AnalysisSpec();
        if (FieldSet.Of(analysis, errors, "analysis: { interval: 10s }") is not { } fields)
            return spec;
        var before = errors.Count;
        var bound = spec with
        {
            Interval = Durations.Read(fields.Optional("interval"), errors, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "10s") ?? spec.Interval,
            Warmup = Durations.Read(fields.Optional("warmup"), errors, TimeSpan.Zero, TimeSpan.FromHours(24), "60s") ?? spec.Warmup,
            OnInconclusive = Scalars.OneOf(fields.Optional("onInconclusive"), errors, "hold", "promote", "rollback") switch
            {
                "promote" => InconclusiveAction.Promote,
                "rollback" => InconclusiveAction.Rollback,
                _ => InconclusiveAction.Hold,
            },
            Source = SourceBinder.Bind(fields.Optional("source"), platform, errors),
            Settings = Settings(fields, spec.Settings, errors),
        };
        judge = fields.Optional("judge");
        unit = fields.Optional("unit");
        bound = bound with { Settings = bound.Settings with { Kayenta = KayentaBinder.Bind(judge, fields.Optional("kayenta"), bound.Interval, errors) } };
        var metrics = MetricBinder.Bind(fields.Optional("metrics"), bound.Interval, errors);
        bound = bound with { Metrics = [.. metrics.Select(metric => metric.Source)], Settings = bound.Settings with { Metrics = [.. metrics.Select(metric => metric.Use)] } };
        fields.Close();
        // A fault that was told already would only be told again.
        if (errors.Count == before)
            EngineCheck.Run(bound.Settings, fields.At, errors);
        return bound;
    }

    /// <summary>Fits the start-time mixture to the longest run that the steps allow.</summary>
    public static AnalysisSpec Plan(AnalysisSpec spec, StrategySpec strategy, ComparisonUnit unit)
    {
        var longest = strategy.Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.MaxDuration);
        var intervals = (int)Math.Clamp(longest / spec.Interval, LeastPlanned, MostPlanned);
        return spec with { Settings = spec.Settings with { PlannedIntervals = intervals, Unit = unit } };
    }

    private static AnalysisSettings Settings(FieldSet fields, AnalysisSettings settings, ErrorList errors)
    {
        settings = settings with
        {
            FalseRollbackRate = Rate(fields.Optional("falseRollbackRate"), errors, "0.01") ?? settings.FalseRollbackRate,
            FalsePromotionRate = Rate(fields.Optional("falsePromotionRate"), errors, "0.05") ?? settings.FalsePromotionRate,
            SampleRatioAlpha = Rate(fields.Optional("sampleRatioAlpha"), errors, "0.0001") ?? settings.SampleRatioAlpha,
            MinimumIntervals = (int)(Scalars.Whole(fields.Optional("minimumIntervals"), errors, 1, 100_000, "2") ?? settings.MinimumIntervals),
            MinimumCanaryRequests = Scalars.Whole(fields.Optional("minimumCanaryRequests"), errors, 1, 1_000_000_000, "100") ?? settings.MinimumCanaryRequests,
            MinimumBaselineRequests = Scalars.Whole(fields.Optional("minimumBaselineRequests"), errors, 1, 1_000_000_000, "200") ?? settings.MinimumBaselineRequests,
            Guards = Guards(fields.Optional("guards"), errors),
        };
        settings = MarginBinder.Errors(fields.Optional("errors"), settings, errors);
        settings = MarginBinder.Latency(fields.Optional("latency"), settings, errors);
        return Overdispersion(fields.Optional("overdispersion"), settings, errors);
    }

    private static double? Rate(Value? value, ErrorList errors, string example) =>
        (double?)Scalars.Number(value, errors, 0.000001m, 0.5m, example);

    private static AnalysisSettings Overdispersion(Value? value, AnalysisSettings settings, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "overdispersion: { errors: 1, latency: 1.5 }") is not { } fields)
            return settings;
        var bound = settings with
        {
            ErrorOverdispersion = (double?)Scalars.Number(fields.Optional("errors"), errors, 1, 1000, "1, for independent requests, or more") ?? settings.ErrorOverdispersion,
            LatencyOverdispersion = (double?)Scalars.Number(fields.Optional("latency"), errors, 1, 1000, "1, for independent requests, or more") ?? settings.LatencyOverdispersion,
        };
        fields.Close();
        return bound;
    }

    private static ImmutableArray<Guard> Guards(Value? value, ErrorList errors)
    {
        var metrics = new HashSet<string>(StringComparer.Ordinal);
        return Lists.Of(value, errors, "[{ metric: errorRate, max: 5% }]", item => Guard(item, metrics, errors));
    }

    private static Guard? Guard(Value value, HashSet<string> metrics, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "{ metric: errorRate, max: 5% } or { metric: latencyP99, max: 500ms }") is not { } fields)
            return null;
        var at = fields.Required("metric", "metric: errorRate");
        var metric = Metric(at, errors);
        if (metric is not null && !metrics.Add(metric))
            errors.Add(at!.Value, $"'{metric}' is guarded twice", "Keep the lower limit");
        var limit = fields.Required("max", "max: 5% or max: 500ms");
        var max = metric switch
        {
            null => null,
            "errorRate" => Scalars.Percent(limit, errors, 0.0001m, 99.99m, "5%"),
            _ => Durations.Read(limit, errors, TimeSpan.FromMilliseconds(0.25), TimeSpan.FromSeconds(120), "500ms")?.TotalSeconds,
        };
        var intervals = Scalars.Whole(fields.Optional("intervals"), errors, 1, 1000, "2");
        var requests = Scalars.Whole(fields.Optional("minimumRequests"), errors, 1, 1_000_000_000, "20");
        fields.Close();
        if (metric is null || max is not { } found)
            return null;
        var guard = new Guard { Metric = metric, Max = found };
        return guard with { Intervals = (int)(intervals ?? guard.Intervals), MinimumRequests = requests ?? guard.MinimumRequests };
    }

    private static string? Metric(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "errorRate or latencyP99") is not { } text)
            return null;
        if (text == "errorRate")
            return text;
        // The name in its one form: latencyP99.0 is guarded twice beside latencyP99.
        if (MetricNames.TryParseLatency(text, out var percentile) && MetricNames.TryParseLatency(MetricNames.Latency(percentile), out _))
            return MetricNames.Latency(percentile);
        var near = Suggestion.For(text, ["errorRate", "latencyP50", "latencyP90", "latencyP99"]);
        errors.Add(value!.Value, $"'{text}' is not a metric that can be guarded", near is null ? "Write errorRate, or latencyP99 or another percentile between 0 and 100" : $"Did you mean '{near}'?");
        return null;
    }
}
