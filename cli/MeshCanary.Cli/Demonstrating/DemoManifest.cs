using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>
/// The demo's Canary: what a team would write, with shorter times and wider harm margins, so that a laptop's traffic
/// proves a version within two minutes instead of twenty.
/// </summary>
internal static class DemoManifest
{
    /// <summary>Name of the Canary.</summary>
    public const string Name = "checkout";

    /// <summary>The running version.</summary>
    public const string OldVersion = "v1";

    /// <summary>The new version.</summary>
    public const string NewVersion = "v2";

    /// <summary>The manifest for a running version at an address.</summary>
    public static CanaryManifest For(Uri stable) => new()
    {
        Name = Name,
        Spec = new CanarySpec
        {
            Workload = new WorkloadSpec
            {
                Kind = "Static",
                Name = Name,
                Stable = new Revision { Name = OldVersion, Addresses = [stable.AbsoluteUri.TrimEnd('/')] },
                HealthPath = "/healthz",
            },
            Service = new ServiceSpec { Name = Name },
            Strategy = new StrategySpec { Steps = [Step(5, 20), Step(25, 20), Step(50, 20)] },
            Analysis = new AnalysisSpec { Interval = TimeSpan.FromSeconds(1), Warmup = TimeSpan.FromSeconds(5), Settings = Settings },
            BakeTime = TimeSpan.FromSeconds(15),
            ProgressDeadline = TimeSpan.FromMinutes(1),
        },
    };

    private static AnalysisSettings Settings => new()
    {
        PlannedIntervals = 180,

        // The demo's services throw dice for every request by itself: there is no noise to learn, which would take time.
        ErrorOverdispersion = 1,
        LatencyOverdispersion = 1,
        MinimumCanaryRequests = 50,
        ErrorHarmAbsolute = 0.02,

        // Proving p99 harmless takes some ten thousand requests when one in two hundred fails; p95 takes a few hundred.
        LatencyPercentiles = [50, 90, 95],
        LatencyHarmBuckets = 8,
        Guards = [new Guard { Metric = "errorRate", Max = 0.6, Intervals = 3 }],
    };

    private static StepSpec Step(int percent, int seconds) => new()
    {
        Weight = new BasisPoints(percent * 100),
        MinDuration = TimeSpan.FromSeconds(seconds),
        MaxDuration = TimeSpan.FromMinutes(2),
    };
}
