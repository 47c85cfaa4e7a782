using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Judging.Endpoints;
using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Judging;

/// <summary>All that a verdict is concluded from.</summary>
internal sealed record AssessmentFacts
{
    public required AnalysisSettings Settings { get; init; }

    public required ImmutableArray<MetricEvidence> Metrics { get; init; }

    public required ImmutableArray<GuardBreach> Breaches { get; init; }

    public required ImmutableArray<CustomEvidence> Custom { get; init; }

    public required ImmutableArray<CustomBreach> CustomBreaches { get; init; }

    public required string? SplitFault { get; init; }

    public required string? EnvironmentFault { get; init; }

    public required double EnvironmentEvidence { get; init; }

    /// <summary>The endpoint that a proven regression comes from; null when it comes from the version, or none is proven.</summary>
    public required EndpointSuspect? Suspect { get; init; }

    public required ImmutableArray<string> Caveats { get; init; }

    /// <summary>Whether the canary is compared with a baseline arm.</summary>
    public required bool IsThreeWay { get; init; }

    /// <summary>Whether users are compared and the source does not count them.</summary>
    public required bool LacksUsers { get; init; }

    public required double SampleRatioEvidence { get; init; }

    public required double FailEvidence { get; init; }

    public required double HighestFailEvidence { get; init; }

    public required int Intervals { get; init; }

    public required long CanaryRequests { get; init; }

    public required long StableRequests { get; init; }

    /// <summary>Stable requests that the baseline has while it still learns; null when it is frozen.</summary>
    public required long? BaselineRequests { get; init; }

    /// <summary>How it stands by Kayenta's rules; null for the sequential tests.</summary>
    public KayentaAssessment? Kayenta { get; init; }

    public required TrafficMeter Traffic { get; init; }

    public double FailThreshold => -Math.Log(Settings.FalseRollbackRate);

    public double PassThreshold => -Math.Log(Settings.FalsePromotionRate);

    public bool HasMinimumRequests => CanaryRequests >= Settings.MinimumCanaryRequests;

    /// <summary>An endpoint that serves no longer takes the regression that came from it along.</summary>
    public bool IsRegressionProven => HighestFailEvidence >= FailThreshold && Suspect is not { IsGone: true };

    /// <summary>What is counted, as a word.</summary>
    public string Units => Settings.Unit == ComparisonUnit.Users ? "users" : "requests";

    /// <summary>What the canary is compared with, as a word.</summary>
    public string Reference => IsThreeWay ? "the baseline" : "stable";

    public bool IsHarmlessProven => Metrics.All(metric => metric.PassEvidence >= PassThreshold) && Waiting is null;

    /// <summary>Whether a guard is broken, whatever it watches.</summary>
    public bool IsBreached => !Breaches.IsEmpty || !CustomBreaches.IsEmpty;

    /// <summary>The first required custom metric that a Pass waits for; null when there is none.</summary>
    public CustomEvidence? Waiting => Custom.FirstOrDefault(metric => metric is { Required: true, IsProven: false });
}
