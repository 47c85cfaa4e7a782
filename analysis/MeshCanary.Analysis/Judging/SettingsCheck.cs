using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>Finds everything that is wrong with settings, not only the first thing.</summary>
internal sealed class SettingsCheck
{
    private const int MaximumPercentiles = 16;
    private const double LargestOverdispersion = 1e6;

    private readonly ImmutableArray<SettingProblem>.Builder _problems = ImmutableArray.CreateBuilder<SettingProblem>();

    public static ImmutableArray<SettingProblem> Run(AnalysisSettings settings)
    {
        var check = new SettingsCheck();
        check.Rates(settings);
        check.Margins(settings);
        check.Amounts(settings);
        check.Percentiles(settings.LatencyPercentiles);
        check.Boundaries(settings.LatencyBoundaries);
        check.Calibration(settings.Calibration);
        check.Guards(settings.Guards);
        check._problems.AddRange(CustomCheck.Run(settings));
        check._problems.AddRange((settings.Kayenta?.Validate() ?? []).Select(problem => problem with { Setting = $"{nameof(settings.Kayenta)}.{problem.Setting}" }));
        if (settings is { Kayenta: not null, Unit: ComparisonUnit.Users })
            check._problems.Add(new SettingProblem(nameof(settings.Unit), "is Users; Kayenta's judge compares requests."));
        return check._problems.ToImmutable();
    }

    private void Rates(AnalysisSettings s)
    {
        Require(s.FalseRollbackRate is > 0 and <= 0.5, nameof(s.FalseRollbackRate), s.FalseRollbackRate, "above 0 and at most 0.5");
        Require(s.FalsePromotionRate is > 0 and <= 0.5, nameof(s.FalsePromotionRate), s.FalsePromotionRate, "above 0 and at most 0.5");
        Require(s.SampleRatioAlpha is > 0 and <= 0.5, nameof(s.SampleRatioAlpha), s.SampleRatioAlpha, "above 0 and at most 0.5");
        Require(s.ErrorOverdispersion is null or (>= 1 and <= LargestOverdispersion), nameof(s.ErrorOverdispersion), s.ErrorOverdispersion ?? 0, "from 1 to 1,000,000");
        Require(s.LatencyOverdispersion is null or (>= 1 and <= LargestOverdispersion), nameof(s.LatencyOverdispersion), s.LatencyOverdispersion ?? 0, "from 1 to 1,000,000");
        Require(Enum.IsDefined(s.Unit), nameof(s.Unit), (double)s.Unit, $"{nameof(ComparisonUnit.Requests)} or {nameof(ComparisonUnit.Users)}");
    }

    private void Margins(AnalysisSettings s)
    {
        Require(s.ErrorToleranceAbsolute is >= 0 and < 1, nameof(s.ErrorToleranceAbsolute), s.ErrorToleranceAbsolute, "from 0 to below 1");
        Require(s.ErrorToleranceRelative is >= 0 and <= 100, nameof(s.ErrorToleranceRelative), s.ErrorToleranceRelative, "from 0 to 100");
        Require(s.ErrorHarmAbsolute > s.ErrorToleranceAbsolute && s.ErrorHarmAbsolute < 1, nameof(s.ErrorHarmAbsolute), s.ErrorHarmAbsolute,
            $"above {nameof(s.ErrorToleranceAbsolute)} ({s.ErrorToleranceAbsolute.ToString(CultureInfo.InvariantCulture)}) and below 1");
        Require(s.ErrorHarmRelative is >= 0 and <= 100, nameof(s.ErrorHarmRelative), s.ErrorHarmRelative, "from 0 to 100");
        Require(s.LatencyToleranceBuckets is >= 0 and < LatencyBuckets.LastFinite, nameof(s.LatencyToleranceBuckets), s.LatencyToleranceBuckets,
            $"from 0 to {LatencyBuckets.LastFinite - 1}");
        Require(s.LatencyHarmBuckets > s.LatencyToleranceBuckets && s.LatencyHarmBuckets <= LatencyBuckets.LastFinite, nameof(s.LatencyHarmBuckets), s.LatencyHarmBuckets,
            $"above {nameof(s.LatencyToleranceBuckets)} ({s.LatencyToleranceBuckets}) and at most {LatencyBuckets.LastFinite}");
    }

    private void Amounts(AnalysisSettings s)
    {
        Require(s.PlannedIntervals >= 1, nameof(s.PlannedIntervals), s.PlannedIntervals, "at least 1");
        Require(s.MinimumIntervals >= 1, nameof(s.MinimumIntervals), s.MinimumIntervals, "at least 1");
        Require(s.MinimumCanaryRequests >= 1, nameof(s.MinimumCanaryRequests), s.MinimumCanaryRequests, "at least 1");
        Require(s.MinimumBaselineRequests >= 1, nameof(s.MinimumBaselineRequests), s.MinimumBaselineRequests, "at least 1");
        Require(s.EnvironmentSettling >= TimeSpan.Zero, nameof(s.EnvironmentSettling), s.EnvironmentSettling.TotalSeconds, "zero or more");
    }

    private void Percentiles(ImmutableArray<double> percentiles)
    {
        const string Name = nameof(AnalysisSettings.LatencyPercentiles);
        if (percentiles.IsDefault)
        {
            _problems.Add(new SettingProblem(Name, "is missing; use an empty list to compare no latency."));
            return;
        }

        Require(percentiles.Length <= MaximumPercentiles, Name, percentiles.Length, $"at most {MaximumPercentiles} values");
        for (var i = 0; i < percentiles.Length; i++)
        {
            var place = $"{Name}[{i}]";
            Require(percentiles[i] is > 0 and < 100, place, percentiles[i], "above 0 and below 100");
            if (i > 0)
                Require(percentiles[i] > percentiles[i - 1], place, percentiles[i], "above the one before it");
        }
    }

    private void Boundaries(ImmutableArray<double> boundaries)
    {
        const string Name = nameof(AnalysisSettings.LatencyBoundaries);
        if (boundaries.IsDefault)
        {
            _problems.Add(new SettingProblem(Name, "is missing; use an empty list for MeshCanary's own buckets."));
            return;
        }

        var last = LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite);
        var usable = boundaries.Count(boundary => boundary <= last);
        Require(boundaries.IsEmpty || usable >= 2, Name, usable, "empty, or hold at least 2 values up to 120 seconds");
        for (var i = 0; i < boundaries.Length; i++)
        {
            Require(boundaries[i] > 0 && double.IsFinite(boundaries[i]), $"{Name}[{i}]", boundaries[i], "seconds above 0");
            if (i > 0)
                Require(boundaries[i] > boundaries[i - 1], $"{Name}[{i}]", boundaries[i], "above the one before it");
        }
    }

    private void Calibration(CalibrationProfile? profile)
    {
        if (profile is null)
            return;
        const string Name = nameof(AnalysisSettings.Calibration);
        if (profile.Metrics.IsDefault || profile.StableLatency is null)
        {
            _problems.Add(new SettingProblem(Name, "lacks its metrics or its latencies; use empty ones."));
            return;
        }

        Require(profile.StableErrors >= 0, $"{Name}.{nameof(profile.StableErrors)}", profile.StableErrors, "at least 0");
        for (var i = 0; i < profile.Metrics.Length; i++)
        {
            if (profile.Metrics[i] is not { } metric)
                _problems.Add(new SettingProblem($"{Name}.{nameof(profile.Metrics)}[{i}]", "is missing."));
            else
                Require(metric.Overdispersion is >= 1 and <= LargestOverdispersion, $"{Name}.{nameof(profile.Metrics)}[{i}].{nameof(metric.Overdispersion)}", metric.Overdispersion, "from 1 to 1,000,000");
        }
    }

    private void Guards(ImmutableArray<Guard> guards)
    {
        if (guards.IsDefault)
        {
            _problems.Add(new SettingProblem(nameof(AnalysisSettings.Guards), "is missing; use an empty list for no guards."));
            return;
        }

        for (var i = 0; i < guards.Length; i++)
        {
            var place = $"{nameof(AnalysisSettings.Guards)}[{i}]";
            if (guards[i] is not { } guard)
                _problems.Add(new SettingProblem(place, "is missing."));
            else
                CheckGuard(guard, place);
        }
    }

    private void CheckGuard(Guard guard, string place)
    {
        if (guard.Metric == MetricNames.ErrorRate)
            Require(guard.Max is >= 0 and < 1, $"{place}.Max", guard.Max, "a share from 0 to below 1");
        else if (MetricNames.TryParseLatency(guard.Metric, out _))
            Require(guard.Max > 0 && guard.Max <= LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite), $"{place}.Max", guard.Max, "seconds above 0 and up to 120");
        else
            _problems.Add(new SettingProblem($"{place}.Metric", $"is '{guard.Metric}'; guards know {MetricNames.ErrorRate} and {MetricNames.Latency(50)}, {MetricNames.Latency(99.9)} and so on."));
        Require(guard.Intervals >= 1, $"{place}.Intervals", guard.Intervals, "at least 1");
        Require(guard.MinimumRequests >= 1, $"{place}.MinimumRequests", guard.MinimumRequests, "at least 1");
    }

    private void Require(bool holds, string setting, double value, string allowed)
    {
        if (!holds)
            _problems.Add(new SettingProblem(setting, $"is {value.ToString(CultureInfo.InvariantCulture)}; it must be {allowed}."));
    }
}
