using System.Collections.Immutable;
using System.Globalization;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>Finds what is wrong with custom metrics.</summary>
internal static class CustomCheck
{
    /// <summary>Metrics that one run may have: what an interval costs stays bounded.</summary>
    public const int Most = 32;

    /// <summary>What custom metrics may weigh together: errors and latency keep the rest.</summary>
    public const double MostWeight = 0.9;

    /// <summary>Everything that is wrong.</summary>
    public static IEnumerable<SettingProblem> Run(AnalysisSettings settings)
    {
        const string Name = nameof(AnalysisSettings.Metrics);
        if (settings.Metrics.IsDefault)
            return [new SettingProblem(Name, "is missing; use an empty list for no metrics of other sources.")];
        return Whole(settings).Concat(settings.Metrics.SelectMany((metric, place) => metric is null
            ? [new SettingProblem($"{Name}[{place}]", "is missing.")]
            : Of(metric).Select(problem => problem with { Setting = $"{Name}[{place}].{problem.Setting}" })));
    }

    private static IEnumerable<SettingProblem> Whole(AnalysisSettings settings)
    {
        const string Name = nameof(AnalysisSettings.Metrics);
        var metrics = settings.Metrics.OfType<CustomMetric>().ToImmutableArray();
        if (metrics.Length > Most)
            yield return new SettingProblem(Name, $"has {metrics.Length} metrics; at most {Most} are asked for.");
        if (metrics.GroupBy(metric => metric.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return new SettingProblem(Name, $"has '{twice.Key}' twice; every metric needs a name of its own.");
        var weight = metrics.Where(metric => metric.Kind != CustomKind.Guard).Sum(metric => metric.Weight);
        if (weight > MostWeight + 1e-9)
            yield return new SettingProblem(Name, Say($"weighs {weight * 100:0.#}% together; at most {MostWeight * 100:0}%, so that errors and latency keep a say."));
        if (settings.Kayenta is not null && metrics.FirstOrDefault(metric => metric.Kind != CustomKind.Guard) is { } compared)
            yield return new SettingProblem(Name, $"has '{compared.Name}' to compare; with Kayenta's judge metrics of other sources can only be guards.");
    }

    private static List<SettingProblem> Of(CustomMetric metric)
    {
        var problems = new List<SettingProblem>();
        void Require(bool holds, string setting, string message)
        {
            if (!holds)
                problems.Add(new SettingProblem(setting, message));
        }

        Require(!string.IsNullOrWhiteSpace(metric.Name), nameof(metric.Name), "is empty; a metric needs a name.");
        Require(metric.Name is not (MetricNames.Errors or MetricNames.ErrorRate) && !MetricNames.TryParseLatency(metric.Name, out _), nameof(metric.Name), $"is '{metric.Name}', which is the name of a metric that there is already.");
        Require(Enum.IsDefined(metric.Kind), nameof(metric.Kind), "is none that there is.");
        Require(metric.Patience > TimeSpan.Zero, nameof(metric.Patience), "must be above zero.");
        if (metric.Kind == CustomKind.Guard)
        {
            Require(metric.Min is not null || metric.Max is not null, nameof(metric.Max), "is missing, and so is Min; a guard needs a limit.");
            Require(double.IsFinite(metric.Min ?? 0) && double.IsFinite(metric.Max ?? 0), nameof(metric.Max), "must be a finite number.");
            Require(!(metric.Min > metric.Max), nameof(metric.Min), "is above Max: no value would be allowed.");
            Require(metric.Intervals >= 1, nameof(metric.Intervals), "must be at least 1.");
            return problems;
        }

        Require(metric.Weight is > 0 and <= MostWeight, nameof(metric.Weight), Say($"is {metric.Weight}; it must be above 0 and at most {MostWeight}."));
        Require(Enum.IsDefined(metric.Worse), nameof(metric.Worse), "is none that there is.");
        if (metric.Kind == CustomKind.Distribution)
        {
            Require(!metric.Percentiles.IsDefaultOrEmpty && metric.Percentiles.Length <= 16 && metric.Percentiles.All(percentile => percentile is > 0 and < 100), nameof(metric.Percentiles), "must be 1 to 16 values above 0 and below 100.");
            Require(metric.ToleranceFactor is >= 1 and < 1000, nameof(metric.ToleranceFactor), "must be from 1 to below 1000.");
            Require(metric.HarmFactor > metric.ToleranceFactor && metric.HarmFactor <= 1000, nameof(metric.HarmFactor), "must be above the tolerance and at most 1000.");
        }
        else
        {
            CheckMargins(metric, Require);
        }

        Require(metric.Kind == CustomKind.Comparison || metric.Overdispersion is >= 1 and <= 1e6, nameof(metric.Overdispersion), "must be from 1 to 1,000,000.");
        return problems;
    }

    private static void CheckMargins(CustomMetric metric, Action<bool, string, string> require)
    {
        var (a, r, a2, r2) = (metric.ToleranceAbsolute, metric.ToleranceRelative, metric.HarmAbsolute, metric.HarmRelative);
        require(a is >= 0 and < double.PositiveInfinity, nameof(metric.ToleranceAbsolute), "must be zero or more.");
        require(r is >= 0 and <= 100, nameof(metric.ToleranceRelative), "must be from 0 to 100.");
        require(a2 >= a && a2 < double.PositiveInfinity && r2 >= r && r2 <= 100 && (a2 > a || r2 > r), nameof(metric.HarmAbsolute), "must, with its relative part, be above what is tolerated, and no part of it below.");
        if (metric.Kind != CustomKind.Counts)
            return;
        require(a2 < 1, nameof(metric.HarmAbsolute), "is a share and must be below 1.");
        require(metric.Worse == WorseDirection.Increase || (r2 < 1 && a2 + r2 < 1), nameof(metric.HarmRelative), "must be below 1, and with the absolute part too: fewer than none there cannot be.");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
