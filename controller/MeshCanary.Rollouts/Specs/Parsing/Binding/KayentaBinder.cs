using System.Collections.Immutable;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.analysis.judge</c> and <c>spec.analysis.kayenta</c>.</summary>
internal static class KayentaBinder
{
    private const string Example = "kayenta: { lifetime: 1h, interval: 10m, step: 1m }";
    private const string MetricExample = "{ name: errorRate, groups: [errors], direction: increase }";

    /// <summary>Null for the sequential judge.</summary>
    public static KayentaSettings? Bind(Value? judge, Value? kayenta, TimeSpan interval, ErrorList errors)
    {
        var said = Scalars.OneOf(judge, errors, "sequential", "kayenta-v1", "kayenta-v2");
        var version = said switch
        {
            "kayenta-v1" => KayentaVersion.V1,
            "kayenta-v2" => KayentaVersion.V2,
            _ => (KayentaVersion?)null,
        };
        if (version is not { } known)
        {
            if (kayenta is { } given && (judge is null || said is not null))
                errors.Add(given, "the sequential judge does not look at it", "Write judge: kayenta-v2 (or kayenta-v1), or remove it");
            return null;
        }

        var settings = Read(kayenta, new KayentaSettings { Version = known }, errors);
        if (settings.Step.Ticks % interval.Ticks != 0)
            errors.Add(kayenta ?? judge!.Value, $"a step of {Spoken(settings.Step)} is no whole number of intervals of {Spoken(interval)}", "Write kayenta.step as a multiple of analysis.interval, such as 1m with 10s");
        return settings;
    }

    /// <summary>Refuses a rollout whose first step is over before Kayenta has judged to the end.</summary>
    public static void CheckLength(AnalysisSpec analysis, StrategySpec strategy, Value? at, ErrorList errors)
    {
        if (analysis.Settings.Kayenta is not { } kayenta || at is not { } place || strategy.Steps.FirstOrDefault(step => step.Weight is not null) is not { } first)
            return;
        var needed = analysis.Warmup + kayenta.WarmUp + kayenta.Lifetime;
        if (first.MaxDuration < needed)
            errors.Add(place, $"judging takes {Spoken(needed)} with the warm-up, and the first step lasts at most {Spoken(first.MaxDuration)}", $"Give the first step a maxDuration above {Spoken(needed)}, or shorten kayenta.lifetime");
    }

    private static KayentaSettings Read(Value? kayenta, KayentaSettings settings, ErrorList errors)
    {
        if (FieldSet.Of(kayenta, errors, Example) is not { } fields)
            return settings;
        var longest = TimeSpan.FromDays(3);
        settings = settings with
        {
            Lifetime = Durations.Read(fields.Optional("lifetime"), errors, TimeSpan.FromSeconds(1), longest, "1h") ?? settings.Lifetime,
            Step = Durations.Read(fields.Optional("step"), errors, TimeSpan.FromSeconds(1), longest, "1m") ?? settings.Step,
            WarmUp = Durations.Read(fields.Optional("warmUp"), errors, TimeSpan.Zero, longest, "0s") ?? settings.WarmUp,
            LookBack = Durations.Read(fields.Optional("lookBack"), errors, TimeSpan.Zero, longest, "30m, or 0s for a growing window") ?? settings.LookBack,
            Config = settings.Config with
            {
                Thresholds = Thresholds(fields.Optional("thresholds"), settings.Config.Thresholds, errors),
                MinimumPoints = (int)(Scalars.Whole(fields.Optional("minimumPoints"), errors, 1, 1000, "5") ?? settings.Config.MinimumPoints),
            },
        };
        var interval = Durations.Read(fields.Optional("interval"), errors, TimeSpan.FromSeconds(1), longest, "10m");
        // The default interval of a shorter life is that life.
        settings = settings with { Interval = interval ?? (settings.Interval < settings.Lifetime ? settings.Interval : settings.Lifetime) };
        if (fields.Optional("metrics") is { } metrics)
            settings = settings with { Config = settings.Config with { Metrics = Lists.Of(metrics, errors, $"[{MetricExample}]", item => Metric(item, errors)), GroupWeights = ImmutableSortedDictionary<string, double>.Empty } };
        if (fields.Optional("groupWeights") is { } weights)
            settings = settings with { Config = settings.Config with { GroupWeights = Weights(weights, errors) } };
        fields.Close();
        return settings;
    }

    private static KayentaThresholds Thresholds(Value? value, KayentaThresholds thresholds, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "thresholds: { pass: 95, marginal: 75 }") is not { } fields)
            return thresholds;
        var pass = (double?)Scalars.Number(fields.Optional("pass"), errors, 0, 100, "95");
        var marginal = (double?)Scalars.Number(fields.Optional("marginal"), errors, 0, 100, "75");
        fields.Close();
        return new KayentaThresholds(pass ?? thresholds.Pass, marginal ?? thresholds.Marginal);
    }

    private static ImmutableSortedDictionary<string, double> Weights(Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "groupWeights: { errors: 40, latency: 60 }") is not { } fields)
            return ImmutableSortedDictionary<string, double>.Empty;
        return value.Node.Entries.Where(entry => entry.Key.Kind == NodeKind.Scalar)
            .Select(entry => (entry.Key.Text, Weight: Scalars.Number(fields.Optional(entry.Key.Text), errors, 0, 100, "40")))
            .DistinctBy(entry => entry.Text)
            .ToImmutableSortedDictionary(entry => entry.Text, entry => (double)(entry.Weight ?? 0), StringComparer.Ordinal);
    }

    private static KayentaMetric? Metric(Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, MetricExample) is not { } fields)
            return null;
        var name = Scalars.Text(fields.Required("name", "name: latencyP99"), errors, "errorRate, requestRate or latencyP99");
        var defaults = new KayentaMetric { Name = name ?? "" };
        var metric = defaults with
        {
            Groups = Lists.Of(fields.Optional("groups"), errors, "[latency]", item => Scalars.Text(item, errors, "latency")),
            Direction = Scalars.OneOf(fields.Optional("direction"), errors, "increase", "decrease", "either") ?? "increase",
            NanStrategy = Scalars.OneOf(fields.Optional("nanStrategy"), errors, "remove", "replace") ?? defaults.NanStrategy,
            Critical = Scalars.OneOf(fields.Optional("critical"), errors, "false", "true") == "true",
            MustHaveData = Scalars.OneOf(fields.Optional("mustHaveData"), errors, "false", "true") == "true",
            Muted = Scalars.OneOf(fields.Optional("muted"), errors, "false", "true") == "true",
            EffectSize = new KayentaEffectSize
            {
                AllowedIncrease = (double?)Scalars.Number(fields.Optional("allowedIncrease"), errors, 0, 1000, "1.1, for a tenth more"),
                AllowedDecrease = (double?)Scalars.Number(fields.Optional("allowedDecrease"), errors, 0, 1000, "0.9, for a tenth less"),
            },
        };
        fields.Close();
        return name is null ? null : metric;
    }

    private static string Spoken(TimeSpan time) => time.Ticks % TimeSpan.TicksPerMinute == 0
        ? FormattableString.Invariant($"{time.TotalMinutes:0}m")
        : FormattableString.Invariant($"{time.TotalSeconds:0.###}s");
}
