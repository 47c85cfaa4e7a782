using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Everything that Kayenta mode of a rollout is set to; fixed for the run. Immutable.</summary>
public sealed record KayentaSettings
{
    /// <summary>By which rules.</summary>
    public KayentaVersion Version { get; init; } = KayentaVersion.V2;

    /// <summary>
    /// What is judged. Metrics are <c>errorRate</c> (percent), <c>requestRate</c> (requests a second) and
    /// <c>latencyP50</c>, <c>latencyP99.9</c> and so on (milliseconds).
    /// </summary>
    public KayentaConfig Config { get; init; } = new()
    {
        Metrics =
        [
            new KayentaMetric { Name = KayentaMetricNames.ErrorRate, Groups = ["errors"], Direction = "increase" },
            new KayentaMetric { Name = KayentaMetricNames.Latency(50), Groups = ["latency"], Direction = "increase" },
            new KayentaMetric { Name = KayentaMetricNames.Latency(90), Groups = ["latency"], Direction = "increase" },
            new KayentaMetric { Name = KayentaMetricNames.Latency(99), Groups = ["latency"], Direction = "increase" },
        ],
        GroupWeights = ImmutableSortedDictionary<string, double>.Empty.Add("errors", 40).Add("latency", 60),
    };

    /// <summary>How long is judged, after the warm-up; a whole number of steps.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time from judgement to judgement; a whole number of steps, at most the lifetime.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time that becomes one value of each metric.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time at the start of the counted intervals that is not judged; a whole number of steps.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Length of a sliding window; zero for a window that grows from the end of the warm-up. A whole number of steps.</summary>
    public TimeSpan LookBack { get; init; }

    /// <summary>Seed of the noise of the first version.</summary>
    public ulong NoiseSeed { get; init; }

    /// <summary>When it judges.</summary>
    internal KayentaSchedule Schedule => new() { Lifetime = Lifetime, Interval = Interval, BeginAfter = WarmUp, LookBack = LookBack };

    /// <summary>Everything that is wrong with these settings; empty when an evaluation can work with them.</summary>
    public ImmutableArray<SettingProblem> Validate() => KayentaSettingsCheck.Run(this);
}
