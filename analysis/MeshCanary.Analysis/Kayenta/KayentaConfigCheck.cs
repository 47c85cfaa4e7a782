using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Finds everything that is wrong with a configuration, not only the first thing.</summary>
internal sealed class KayentaConfigCheck
{
    private readonly ImmutableArray<SettingProblem>.Builder _problems = ImmutableArray.CreateBuilder<SettingProblem>();
    private readonly bool _strict;

    private KayentaConfigCheck(KayentaVersion version) => _strict = version == KayentaVersion.V2;

    public static ImmutableArray<SettingProblem> Run(KayentaConfig config, KayentaVersion version)
    {
        var check = new KayentaConfigCheck(version);
        check.Metrics(config);
        check.Weights(config);
        if (config.Thresholds is not { } thresholds)
            check.Add(nameof(config.Thresholds), "is missing.");
        else
            check.Thresholds(thresholds);
        if (check._strict)
            check.Require(config.MinimumPoints >= 1, nameof(config.MinimumPoints), config.MinimumPoints, "at least 1");
        return check._problems.ToImmutable();
    }

    private void Metrics(KayentaConfig config)
    {
        if (config.Metrics.IsDefaultOrEmpty)
        {
            Add(nameof(config.Metrics), "is empty; a judgement needs at least one metric.");
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < config.Metrics.Length; i++)
        {
            var place = $"{nameof(config.Metrics)}[{i}]";
            if (config.Metrics[i] is not { } metric)
                Add(place, "is missing.");
            else
                Metric(metric, place, names);
        }

        if (_strict && config.Metrics.All(metric => metric is { Muted: true }))
            Add(nameof(config.Metrics), "are all muted; a judgement needs at least one metric that counts.");
    }

    private void Metric(KayentaMetric metric, string place, HashSet<string> names)
    {
        if (string.IsNullOrWhiteSpace(metric.Name))
            Add($"{place}.Name", "is empty; a metric is found by its name.");
        else if (!names.Add(metric.Name) && _strict)
            Add($"{place}.Name", $"is '{metric.Name}' a second time; every metric is configured once.");
        if (metric.Groups.IsDefault || metric.Groups.Any(string.IsNullOrEmpty))
            Add($"{place}.Groups", "is missing or holds an empty name.");
        else if (_strict && metric.Groups.IsEmpty)
            Add($"{place}.Groups", "is empty; a metric outside every group would not be scored.");
        if (KayentaRules.RemovesOutliers(metric) || _strict)
            Require(metric.OutlierFactor > 0 && double.IsFinite(metric.OutlierFactor), $"{place}.OutlierFactor", metric.OutlierFactor, "above 0");
        if (metric.EffectSize is not { } effect)
        {
            Add($"{place}.EffectSize", "is missing.");
            return;
        }

        Threshold(effect.AllowedIncrease, $"{place}.EffectSize.AllowedIncrease");
        Threshold(effect.AllowedDecrease, $"{place}.EffectSize.AllowedDecrease");
        Threshold(effect.CriticalIncrease, $"{place}.EffectSize.CriticalIncrease");
        Threshold(effect.CriticalDecrease, $"{place}.EffectSize.CriticalDecrease");
        Word(metric.Direction, $"{place}.Direction", "increase", "decrease", "either");
        Word(metric.NanStrategy, $"{place}.NanStrategy", "remove", "replace");
        Word(metric.OutlierStrategy, $"{place}.OutlierStrategy", "keep", "remove");
        Word(effect.Measure, $"{place}.EffectSize.Measure", KayentaEffectSize.MeanRatio, KayentaEffectSize.Cles);
    }

    private void Weights(KayentaConfig config)
    {
        const string Name = nameof(config.GroupWeights);
        if (config.GroupWeights is not { } weights)
        {
            Add(Name, "is missing; leave it empty to weigh all groups alike.");
            return;
        }

        foreach (var (group, weight) in weights)
            Require(double.IsFinite(weight) && (!_strict || weight >= 0), $"{Name}[{group}]", weight, _strict ? "a percentage from 0 on" : "a finite number");
        if (!_strict || config.Metrics.IsDefault)
            return;
        var declared = weights.Values.Sum();
        Require(!(declared > 100 + 1e-9), Name, declared, "at most 100 in all");
        var others = config.Metrics.Where(metric => metric is { Muted: false, Groups.IsDefault: false })
            .SelectMany(metric => metric.Groups).Where(group => !string.IsNullOrEmpty(group) && !weights.ContainsKey(group)).Distinct(StringComparer.Ordinal).ToArray();
        if (others.Length > 0 && declared >= 100 - 1e-9)
            Add(Name, $"leave nothing to {string.Join(", ", others)}; give every group a weight, or keep some of the 100 for the others.");
    }

    private void Thresholds(KayentaThresholds thresholds)
    {
        Require(thresholds.Pass is >= 0 and <= 100, "Thresholds.Pass", thresholds.Pass, "from 0 to 100");
        Require(thresholds.Marginal is >= 0 and <= 100, "Thresholds.Marginal", thresholds.Marginal, "from 0 to 100");
        if (_strict)
            Require(thresholds.Marginal <= thresholds.Pass, "Thresholds.Marginal", thresholds.Marginal, $"at most Thresholds.Pass ({thresholds.Pass.ToString(CultureInfo.InvariantCulture)})");
    }

    private void Threshold(double? value, string setting)
    {
        if (value is { } number)
            Require(double.IsFinite(number) && (!_strict || number >= 0), setting, number, _strict ? "a finite number from 0 on" : "a finite number");
    }

    private void Word(string? word, string setting, params string[] known)
    {
        if (_strict && !known.Contains(word, StringComparer.Ordinal))
            Add(setting, $"is '{word}'; it must be {string.Join(" or ", known)}.");
    }

    private void Require(bool holds, string setting, double value, string allowed)
    {
        if (!holds)
            Add(setting, $"is {value.ToString(CultureInfo.InvariantCulture)}; it must be {allowed}.");
    }

    private void Add(string setting, string message) => _problems.Add(new SettingProblem(setting, message));
}
