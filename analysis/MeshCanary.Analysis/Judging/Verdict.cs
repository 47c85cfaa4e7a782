using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Planning;

namespace MeshCanary.Analysis.Judging;

/// <summary>A verdict with its evidence. All evidence is in natural logarithms of e-values.</summary>
public sealed record Verdict
{
    /// <summary>What the evidence says.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>The reason in one plain sentence with numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>What limits this verdict, each a plain sentence: a setting that was replaced, noise that nobody has measured, endpoints that cannot be told apart.</summary>
    public ImmutableArray<string> Caveats { get; init; } = [];

    /// <summary>The canary's endpoint that an Inconclusive verdict comes from; null otherwise.</summary>
    public string? SuspectEndpoint { get; init; }

    /// <summary>
    /// 0 (proven regression) to 100 (proven harmless); 50 is no evidence. The weighted mean of the metrics' scores, but 0
    /// with a Fail, at least 95 with a Pass and 50 with an Invalid, so that it never contradicts the verdict. Never drives a decision.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>ln of the averaged FAIL e-process over all metrics; a rollback needs <see cref="FailThreshold"/>.</summary>
    public required double FailEvidence { get; init; }

    /// <summary>The highest <see cref="FailEvidence"/> so far: a rollback is due when this reaches the threshold.</summary>
    public double HighestFailEvidence { get; init; }

    /// <summary>ln of the e-process against "requests are drawn in the configured shares".</summary>
    public double SampleRatioEvidence { get; init; }

    /// <summary>ln of the e-process against "baseline and stable do not differ" of a three-way rollout, at its highest; 0 in a two-way one.</summary>
    public double EnvironmentEvidence { get; init; }

    /// <summary>ln(1/false rollback rate).</summary>
    public required double FailThreshold { get; init; }

    /// <summary>ln(1/false promotion rate): what every required metric's PASS evidence has to reach.</summary>
    public required double PassThreshold { get; init; }

    /// <summary>What the last judgement by Kayenta's rules found per metric; empty before it, and for the sequential tests.</summary>
    public ImmutableArray<MetricLabel> Labels { get; init; } = [];

    /// <summary>Evidence per metric, in a fixed order: errors, then latency by percentile. Empty when Kayenta's rules judge.</summary>
    public required ImmutableArray<MetricEvidence> Metrics { get; init; }

    /// <summary>Guards that are breached, empty when none is.</summary>
    public required ImmutableArray<GuardBreach> Breaches { get; init; }

    /// <summary>What custom metrics show, in the order of the settings; null without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CustomEvidence>? Custom { get; init; }

    /// <summary>Guards on custom metrics that are broken; null without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CustomBreach>? CustomBreaches { get; init; }

    /// <summary>Counted intervals (warm-up is not counted).</summary>
    public required int Intervals { get; init; }

    /// <summary>Requests of the canary in counted intervals; users where these are compared.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Requests (or users) in counted intervals of what the canary is compared with: stable, or the baseline arm of a three-way rollout.</summary>
    public required long StableRequests { get; init; }

    /// <summary>The present traffic in both compared arms, in requests (or users) per second.</summary>
    public TrafficRates Traffic { get; init; }

    /// <summary>
    /// Time to a Pass at the present rate of traffic if the canary is as good as stable; null when it is reached, or
    /// when no canary traffic flows and the time is unknown.
    /// </summary>
    public required TimeSpan? Eta { get; init; }
}
