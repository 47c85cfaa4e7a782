using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>What a server shows, at moments that the tests need.</summary>
internal static class Views
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 42, TimeSpan.Zero);

    public static Revision V1 { get; } = new() { Name = "v1", Addresses = ["http://127.0.0.1:9001"] };

    public static Revision V2 { get; } = new() { Name = "v2", Addresses = ["http://127.0.0.1:9002"] };

    public static CanaryView Stable { get; } = new()
    {
        Namespace = "default",
        Name = "checkout",
        Phase = Phase.Stable,
        PhaseSince = Now.AddSeconds(-90),
        Stable = V1,
        Steps = 3,
        Weight = new WeightView(0, 0, 0),
        Proxies = [new ProxyView("embedded", "i-1", true, 7, null)],
        Version = 12,
        WaitingFor = new WaitingFor("a new version", Now.AddSeconds(-90), null, "a run begins"),
    };

    public static CanaryView Progressing { get; } = Stable with
    {
        Phase = Phase.Progressing,
        PhaseSince = Now.AddSeconds(-34),
        Run = new Run
        {
            Id = "1",
            Canary = V2,
            Baseline = V1,
            Step = 1,
            Weight = new BasisPoints(2500),
            StartedAt = Now.AddSeconds(-34),
            StepStartedAt = Now.AddSeconds(-12),
        },
        Weight = new WeightView(2500, 2500, 2461),
        Arms = new ArmsView(Arm("v1", 225, 1), Arm("v2", 75, 2)),
        Verdict = NotYet,
        WaitingFor = new WaitingFor("a verdict on v2 at 25%", Now.AddSeconds(-12), Now.AddSeconds(108), "the weight stays and a person decides"),
    };

    public static CanaryView Ended(Phase phase, RunOutcome outcome, Revision stable) => Progressing with
    {
        Phase = phase,
        Stable = stable,
        Run = Progressing.Run! with { Outcome = outcome, EndedAt = Now, Reason = "errors: the canary failed 4.6% of 1,210 requests, stable 0.5%" },
        Weight = new WeightView(0, 0, 0),
        WaitingFor = null,
    };

    public static ImmutableArray<EventView> Log { get; } =
    [
        new(1, Now.AddSeconds(-34), "RunStarted", "Run 1: v2 against v1.", "1"),
        new(2, Now.AddSeconds(-12), "StepStarted", "Step 2 of 3: 25% of the traffic for v2.", "1"),
    ];

    private static Verdict NotYet => new()
    {
        Kind = VerdictKind.NotEnoughData,
        Reason = "Latency p99 is not proven harmless yet: 61 of 100 % of the evidence.",
        Score = 71.4,
        FailEvidence = 0.3,
        HighestFailEvidence = 0.3,
        FailThreshold = 4.605,
        PassThreshold = 2.996,
        Metrics =
        [
            Metric("errors", 0.0013, -0.002, 0.005, 0.46, 2.5),
            Metric("latencyP50", 0.004, -0.05, 0.06, -1.2, 3.4),
            Metric("latencyP99", -0.001, -0.012, 0.011, double.NegativeInfinity, 1.83),
        ],
        Breaches = [],
        Intervals = 29,
        CanaryRequests = 1_210,
        StableRequests = 6_905,
        Eta = TimeSpan.FromSeconds(21),
    };

    private static MetricEvidence Metric(string name, double difference, double low, double high, double fail, double pass) => new()
    {
        Metric = name,
        CanaryRequests = 1_210,
        CanaryEvents = 9,
        StableRequests = 6_905,
        StableEvents = 35,
        EdgeSeconds = null,
        Difference = difference,
        DifferenceLow = low,
        DifferenceHigh = high,
        FailEvidence = fail,
        AdjustedFailEvidence = fail,
        PassEvidence = pass,
        AnytimeP = 1,
        Score = 60,
    };

    private static ArmView Arm(string revision, int requests, int errors) => new()
    {
        Revision = revision,
        Requests = requests,
        Errors = errors,
        Rate = requests,
        P50 = 0.0208,
        P90 = 0.0492,
        P99 = 0.1021,
        ReadyEndpoints = 1,
        Endpoints = 1,
    };
}
