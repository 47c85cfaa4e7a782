using System.Globalization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// Compares the prepared values of two arms. The rules in order, the first that applies: an empty arm; in the second
/// version values that cannot be computed with, then too few of them; identical values; in the first version one and the
/// same value everywhere; then the interval for the shift against the tolerance, and the effect size against its thresholds.
/// </summary>
internal static class KayentaClassifier
{
    private const string NotFinite = "A value, or the difference of two, is not a finite number";

    public static KayentaClassification Classify(double[] control, double[] experiment, KayentaRules rules)
    {
        if (control.Length == 0 || experiment.Length == 0)
            return WithoutData(control, experiment, rules);
        var pair = new SortedPair(control, experiment);
        if (rules.Version == KayentaVersion.V2)
            return CompareExactly(pair, control, experiment, rules);
        if (pair.AreIdentical)
            return new(KayentaLabel.Pass, false, "Both arms hold the same values.");
        if (pair.AreConstant && pair.Control[0] == pair.Experiment[0])
            return new(KayentaLabel.Pass, false, "Every value of both arms is the same.");
        return CompareApproximately(pair, control, experiment, rules);
    }

    private static KayentaClassification WithoutData(double[] control, double[] experiment, KayentaRules rules)
    {
        var missing = control.Length > 0 ? "The canary has no values" : experiment.Length > 0 ? "The baseline has no values" : "Neither arm has values";
        if (rules is { Version: KayentaVersion.V1, ReplacesMissing: true })
            return new(KayentaLabel.Pass, false, $"{missing}, and missing values count as zero.");
        return rules is { MustHaveData: true, Critical: false }
            ? new(KayentaLabel.NodataFailMetric, false, $"{missing}, and this metric must have some.")
            : new(KayentaLabel.Nodata, rules.Critical, $"{missing}.");
    }

    private static KayentaClassification CompareApproximately(SortedPair pair, double[] control, double[] experiment, KayentaRules rules)
    {
        if (pair.AreConstant)
        {
            var state = rules.NoiseSeed;
            experiment = KayentaTransforms.AddNoise(experiment, ref state);
            control = KayentaTransforms.AddNoise(control, ref state);
            pair = new SortedPair(control, experiment);
        }

        // The noise can carry the largest numbers over the edge.
        if (!pair.IsFinite)
            return Broken(NotFinite, rules);
        return ApproximateShift.Of(pair, rules.Confidence) is { } shift
            ? Judge(shift, pair, EffectSizes.MeanRatio(control, experiment), rules)
            : Broken("All values are tied at one shift, which leaves the test without a variance", rules);
    }

    private static KayentaClassification CompareExactly(SortedPair pair, double[] control, double[] experiment, KayentaRules rules)
    {
        if (!pair.IsFinite)
            return Broken(NotFinite, rules);
        var fewest = Math.Min(control.Length, experiment.Length);
        if (fewest < rules.MinimumPoints)
            return new(KayentaLabel.Inconclusive, false, Say($"The smaller arm has {Values(fewest)} of at least {rules.MinimumPoints:N0}."));
        if (RankSumQuantile.Of(experiment.Length, control.Length, (1 - rules.Confidence) / 2) is not { } rank)
            return new(KayentaLabel.Inconclusive, false, Say($"{experiment.Length:N0} against {control.Length:N0} values cannot reach {Percent(rules.Confidence)} confidence, whatever they are."));
        return pair.AreIdentical
            ? new(KayentaLabel.Pass, false, "Both arms hold the same values.")
            : Judge(ExactShift.Of(pair, rank), pair, EffectSizes.MeanRatio(control, experiment), rules);
    }

    private static KayentaClassification Judge(ShiftInterval shift, SortedPair pair, double deviation, KayentaRules rules)
    {
        var effect = rules.UsesCles ? EffectSizes.Cles(pair) : deviation;
        var bound = rules.Tolerance * Math.Abs(shift.Estimate);
        var unmeasured = double.IsNaN(effect);
        var found = Say($"The canary is {shift.Estimate:G4} above the baseline ({Percent(rules.Confidence)} interval {shift.Low:G4} to {shift.High:G4})");
        var size = unmeasured ? "the effect size does not exist" : Say($"effect size {effect:G4}");
        if (rules.Direction.HasFlag(KayentaDirection.Increase) && shift.Low > bound && (unmeasured || effect >= rules.AllowedIncrease))
        {
            var critical = rules.Critical && (unmeasured || effect >= rules.CriticalIncrease);
            return new(KayentaLabel.High, critical, $"{found}, {size}: too high{Critically(critical)}.", deviation, effect, shift);
        }

        if (rules.Direction.HasFlag(KayentaDirection.Decrease) && shift.High < -bound && (unmeasured || effect <= rules.AllowedDecrease))
        {
            var critical = rules.Critical && (unmeasured || effect <= rules.CriticalDecrease);
            return new(KayentaLabel.Low, critical, $"{found}, {size}: too low{Critically(critical)}.", deviation, effect, shift);
        }

        return new(KayentaLabel.Pass, false, $"{found}, {size}: no difference that counts.", deviation, effect, shift);
    }

    /// <summary>An error is not critical in the first version, whatever the metric is.</summary>
    private static KayentaClassification Broken(string why, KayentaRules rules) =>
        new(KayentaLabel.Error, rules.Version == KayentaVersion.V2 && rules.Critical, $"{why}.");

    private static string Critically(bool critical) => critical ? ", and the metric is critical" : string.Empty;

    private static string Values(int count) => count == 1 ? "1 value" : Say($"{count:N0} values");

    private static string Percent(double share) => Say($"{share * 100:0.##} %");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
