using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Judging.Endpoints;
using MeshCanary.Analysis.Judging.Environment;
using MeshCanary.Analysis.Judging.Noise;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// State of a <see cref="CanaryJudge"/>: kept with the run, so that a restart keeps the error budget. Plain finite
/// numbers, so JSON brings it back bit for bit; a few kilobytes, and some two more for every endpoint of the canary.
/// </summary>
public sealed record JudgeState
{
    /// <summary>The layout that this version of the engine writes and reads.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Layout of this state.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Counted intervals.</summary>
    public required int Intervals { get; init; }

    /// <summary>Canary requests in counted intervals.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Stable requests in counted intervals.</summary>
    public required long StableRequests { get; init; }

    /// <summary>End of the last interval taken, warm-up or counted; null before the first.</summary>
    public required DateTimeOffset? LastEnd { get; init; }

    /// <summary>What stable looks like.</summary>
    public required BaselineState Baseline { get; init; }

    /// <summary>The metrics: errors, then latency by percentile.</summary>
    public required ImmutableArray<StreamState> Streams { get; init; }

    /// <summary>The evidence over all metrics.</summary>
    public required GlobalState Global { get; init; }

    /// <summary>The guards, in the order of the settings.</summary>
    public required ImmutableArray<GuardState> Guards { get; init; }

    /// <summary>The sample-ratio test.</summary>
    public required SampleRatioState SampleRatio { get; init; }

    /// <summary>The rate of traffic.</summary>
    public required TrafficState Traffic { get; init; }

    /// <summary>The canary's endpoints; null in a state of layout 1.</summary>
    public EndpointsState? Endpoints { get; init; }

    /// <summary>The comparison of the baseline arm with stable; null in a state of layout 1.</summary>
    public EnvironmentState? Environment { get; init; }

    /// <summary>The comparison of stable with itself; null in a state of layout 1.</summary>
    public NoiseState? Noise { get; init; }

    /// <summary>The evaluation by Kayenta's rules; null for the sequential tests.</summary>
    public KayentaState? Kayenta { get; init; }

    /// <summary>The custom metrics, in the order of the settings; null without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CustomState>? Custom { get; init; }

    /// <summary>Whether there was a baseline arm.</summary>
    public bool IsThreeWay { get; init; }

    /// <summary>Whether users are compared and the last interval did not count them.</summary>
    public bool LacksUsers { get; init; }
}
