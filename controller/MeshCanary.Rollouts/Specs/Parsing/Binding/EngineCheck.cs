using System.Collections.Frozen;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>
/// Asks the engine itself whether it can work with what was read. Every field has checks of its own, with words of its own;
/// this stands behind them, so that no manifest is accepted whose runs could not be judged.
/// </summary>
internal static class EngineCheck
{
    private static readonly FrozenDictionary<string, string> Fields = new Dictionary<string, string>
    {
        [nameof(AnalysisSettings.FalseRollbackRate)] = "falseRollbackRate",
        [nameof(AnalysisSettings.FalsePromotionRate)] = "falsePromotionRate",
        [nameof(AnalysisSettings.SampleRatioAlpha)] = "sampleRatioAlpha",
        [nameof(AnalysisSettings.MinimumIntervals)] = "minimumIntervals",
        [nameof(AnalysisSettings.MinimumCanaryRequests)] = "minimumCanaryRequests",
        [nameof(AnalysisSettings.MinimumBaselineRequests)] = "minimumBaselineRequests",
        [nameof(AnalysisSettings.ErrorOverdispersion)] = "overdispersion.errors",
        [nameof(AnalysisSettings.LatencyOverdispersion)] = "overdispersion.latency",
        [nameof(AnalysisSettings.ErrorToleranceAbsolute)] = "errors.tolerate.absolute",
        [nameof(AnalysisSettings.ErrorToleranceRelative)] = "errors.tolerate.relative",
        [nameof(AnalysisSettings.ErrorHarmAbsolute)] = "errors.harm.absolute",
        [nameof(AnalysisSettings.ErrorHarmRelative)] = "errors.harm.relative",
        [nameof(AnalysisSettings.LatencyPercentiles)] = "latency.percentiles",
        [nameof(AnalysisSettings.LatencyToleranceBuckets)] = "latency.tolerate",
        [nameof(AnalysisSettings.LatencyHarmBuckets)] = "latency.harm",
        [nameof(AnalysisSettings.Guards)] = "guards",
        [nameof(AnalysisSettings.Kayenta)] = "kayenta",
        [nameof(AnalysisSettings.Unit)] = "unit",
        [nameof(AnalysisSettings.Metrics)] = "metrics",
    }.ToFrozenDictionary();

    /// <summary>Adds an error, where the value is written, for everything that the engine refuses.</summary>
    public static void Run(AnalysisSettings settings, Value analysis, ErrorList errors)
    {
        foreach (var problem in settings.Validate())
            errors.Add(Find(analysis, PathOf(problem.Setting)), problem.Message.TrimEnd('.'), "Write a value that the engine can work with");
    }

    /// <summary>Such as <c>guards[1].max</c> for <c>Guards[1].Max</c>.</summary>
    private static string PathOf(string setting)
    {
        var end = setting.IndexOfAny(['[', '.']);
        var (name, rest) = end < 0 ? (setting, "") : (setting[..end], setting[end..].Replace(".Config.", ".", StringComparison.Ordinal));
        rest = string.Join('.', rest.Split('.').Select(part => part.Length == 0 ? part : $"{char.ToLowerInvariant(part[0])}{part[1..]}"));
        return Fields.GetValueOrDefault(name, name) + rest;
    }

    /// <summary>The value at a path, or the nearest one above it that is written.</summary>
    private static Value Find(Value from, string path)
    {
        foreach (var part in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Inside(from, part) is not { } next)
                break;
            from = next;
        }

        return from;
    }

    private static Value? Inside(Value value, string part)
    {
        if (part.EndsWith(']'))
            return int.TryParse(part[..^1], out var index) && index < value.Node.Items.Count ? value.Item(index) : null;
        foreach (var (key, node) in value.Node.Entries)
        {
            if (key.Text == part)
                return value.Field(part, node);
        }

        return null;
    }
}
