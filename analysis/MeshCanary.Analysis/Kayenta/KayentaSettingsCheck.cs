using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Finds everything that is wrong with the settings of Kayenta mode, not only the first thing.</summary>
internal sealed class KayentaSettingsCheck
{
    /// <summary>Values kept per metric and arm at most: three days of minutes.</summary>
    private const long MostPoints = 4320;

    private const int MostMetrics = 32;

    private readonly ImmutableArray<SettingProblem>.Builder _problems = ImmutableArray.CreateBuilder<SettingProblem>();

    public static ImmutableArray<SettingProblem> Run(KayentaSettings settings)
    {
        var check = new KayentaSettingsCheck();
        check.Times(settings);
        if (!Enum.IsDefined(settings.Version))
            check.Add(nameof(settings.Version), $"is {settings.Version}; it must be kayenta-v1 or kayenta-v2.");
        if (settings.Config is not { } config)
            check.Add(nameof(settings.Config), "is missing.");
        else
            check.Config(config, settings.Version);
        return check._problems.ToImmutable();
    }

    private void Times(KayentaSettings s)
    {
        if (s.Step < TimeSpan.FromSeconds(1))
        {
            Add(nameof(s.Step), $"is {s.Step:c}; it must be at least a second.");
            return;
        }

        Steps(nameof(s.Lifetime), s.Lifetime, s.Step, atLeast: 1);
        Steps(nameof(s.Interval), s.Interval, s.Step, atLeast: 1);
        Steps(nameof(s.WarmUp), s.WarmUp, s.Step, atLeast: 0);
        Steps(nameof(s.LookBack), s.LookBack, s.Step, atLeast: 0);
        if (s.Interval > s.Lifetime)
            Add(nameof(s.Interval), $"is {s.Interval:c}; it must be at most Lifetime ({s.Lifetime:c}).");
        var points = (s.WarmUp.Ticks / s.Step.Ticks) + (s.Lifetime.Ticks / s.Step.Ticks);
        if (points > MostPoints)
            Add(nameof(s.Lifetime), $"and WarmUp are {points} steps; they must be at most {MostPoints} together: take a longer step.");
    }

    private void Config(KayentaConfig config, KayentaVersion version)
    {
        _problems.AddRange(config.Validate(version).Select(problem => problem with { Setting = $"{nameof(KayentaSettings.Config)}.{problem.Setting}" }));
        if (config.Metrics.IsDefault)
            return;
        if (config.Metrics.Length > MostMetrics)
            Add("Config.Metrics", $"are {config.Metrics.Length}; they must be at most {MostMetrics}.");
        for (var i = 0; i < config.Metrics.Length; i++)
        {
            if (config.Metrics[i] is { } metric && !KayentaMetricNames.IsKnown(metric.Name))
                Add($"Config.Metrics[{i}].Name", $"is '{metric.Name}'; a rollout knows errorRate, requestRate, and latencyP50, latencyP99.9 and so on.");
        }
    }

    private void Steps(string setting, TimeSpan value, TimeSpan step, int atLeast)
    {
        if (value.Ticks % step.Ticks != 0 || value.Ticks / step.Ticks < atLeast)
            Add(setting, $"is {value:c}; it must be a whole number of steps ({step:c}) from {atLeast} on.");
    }

    private void Add(string setting, string message) => _problems.Add(new SettingProblem(setting, message));
}
