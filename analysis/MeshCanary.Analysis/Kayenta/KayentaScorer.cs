using System.Collections.Immutable;
using System.Globalization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>From labels to scores.</summary>
internal static class KayentaScorer
{
    private const double TooMuchMissing = 50;

    /// <summary>Scores the metrics that are not muted.</summary>
    public static KayentaScore Score(ImmutableArray<KayentaMetricResult> metrics, ImmutableSortedDictionary<string, double> weights, KayentaVersion version)
    {
        var results = metrics.Where(metric => !metric.Muted).ToArray();
        var groups = Groups(results, weights, version);
        if (results.FirstOrDefault(metric => metric.Critical && metric.Label != KayentaLabel.Pass) is { } failure)
            return new KayentaScore(0, $"{failure.Name} is critical and {failure.Label}: {failure.Reason}", groups);
        return version == KayentaVersion.V1 ? AsItIs(results, groups) : Repaired(results, groups);
    }

    private static KayentaScore AsItIs(KayentaMetricResult[] results, ImmutableArray<KayentaGroupScore> groups)
    {
        var missing = results.Count(metric => metric.Label == KayentaLabel.Nodata);
        if (results.Length > 0 && 100.0 * missing / results.Length >= TooMuchMissing)
            return new KayentaScore(0, Say($"{missing:N0} of {results.Length:N0} metrics have no data."), groups);
        return new KayentaScore(Rounded(groups.Sum(group => (group.HasData ? group.Score : 100) * (group.Weight / 100))), null, groups);
    }

    private static KayentaScore Repaired(KayentaMetricResult[] results, ImmutableArray<KayentaGroupScore> groups)
    {
        if (results.FirstOrDefault(metric => metric is { Required: true, Label: KayentaLabel.Inconclusive }) is { } open)
            return new KayentaScore(null, $"No verdict: {open.Name} is required and Inconclusive: {open.Reason}", groups);
        var missing = results.Count(metric => metric.Label is KayentaLabel.Nodata or KayentaLabel.Inconclusive);
        if (100.0 * missing >= TooMuchMissing * results.Length)
            return new KayentaScore(null, Say($"No verdict: {missing:N0} of {results.Length:N0} metrics have no data or too little."), groups);
        return groups.Any(group => group is { HasData: true, Weight: > 0 })
            ? new KayentaScore(Rounded(groups.Where(group => group.HasData).Sum(group => group.Score * group.Weight) / 100), null, groups)
            : new KayentaScore(null, "No verdict: no group with data has a weight.", groups);
    }

    private static ImmutableArray<KayentaGroupScore> Groups(KayentaMetricResult[] results, ImmutableSortedDictionary<string, double> weights, KayentaVersion version)
    {
        var labels = results.SelectMany(metric => metric.Groups, (metric, group) => (group, metric.Label)).GroupBy(pair => pair.group, pair => pair.Label, StringComparer.Ordinal).ToArray();
        var undeclared = labels.Count(group => !weights.ContainsKey(group.Key));
        var rest = undeclared == 0 ? 0 : (100 - weights.Values.Sum()) / undeclared;
        var groups = labels.Select(group => Group(group.Key, [.. group], weights.GetValueOrDefault(group.Key, rest), version)).ToImmutableArray();
        if (version == KayentaVersion.V1)
            return groups;

        // Only what was measured is weighed, and it is weighed in full.
        var present = groups.Where(group => group.HasData).Sum(group => group.Weight);
        return [.. groups.Select(group => group with { Weight = group.HasData && present > 0 ? 100 * group.Weight / present : 0 })];
    }

    private static KayentaGroupScore Group(string name, KayentaLabel[] labels, double weight, KayentaVersion version)
    {
        var passed = labels.Count(label => label == KayentaLabel.Pass);
        var failed = labels.Count(label => label is KayentaLabel.High or KayentaLabel.Low or KayentaLabel.NodataFailMetric
            || (label == KayentaLabel.Error && version == KayentaVersion.V2));
        var scored = passed + failed;
        return new KayentaGroupScore(name, scored == 0 ? 0 : (double)passed / scored * 100, scored > 0, labels.Length, weight);
    }

    /// <summary>Two decimals, halves away from zero, of the number as it is written.</summary>
    private static double Rounded(double score) => Math.Abs(score) < 1e15
        ? (double)decimal.Round(decimal.Parse(score.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture), 2, MidpointRounding.AwayFromZero)
        : score;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
