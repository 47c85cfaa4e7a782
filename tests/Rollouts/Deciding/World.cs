using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Tests.Deciding;

/// <summary>A controller, its proxies and its endpoints, reduced to what the decider sees and asks for.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Revision V1 = Revision("v1");
    public static readonly Revision V2 = Revision("v2");
    public static readonly Revision V3 = Revision("v3");

    public World(CanarySpec? spec = null)
    {
        Spec = spec ?? Canary();
        Now = Epoch;
        Status = Decider.Begin(Spec, Now);
        Target = Spec.Workload.GivenStable;
        foreach (var revision in new[] { V1, V2, V3 })
            Ready[revision.Name] = revision.Addresses.Length;
    }

    public CanarySpec Spec { get; set; }

    public RolloutStatus Status { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public Revision Target { get; set; }

    public Dictionary<string, int> Ready { get; } = [];

    public int Proxies { get; set; } = 2;

    public bool ProxiesAcknowledge { get; set; } = true;

    public VerdictKind? Verdict { get; set; }

    /// <summary>The endpoint that an Inconclusive verdict names.</summary>
    public string? Suspect { get; set; }

    public string? MetricsProblem { get; set; }

    public long StepCanaryRequests { get; set; } = 1000;

    public string? BakeRegression { get; set; }

    public CanaryAlarm? Alarm { get; set; }

    public string? SpentBudget { get; set; }

    public List<RolloutEvent> Events { get; } = [];

    public List<Run> Ended { get; } = [];

    public DateTimeOffset? WakeAt { get; private set; }

    public TrafficPlan? Acknowledged { get; private set; }

    public Run Run => Status.Run ?? throw new InvalidOperationException("There is no run.");

    public int Weight => TrafficPlan.For(Status).CanaryWeight.Value;

    public static Revision Revision(string name, int endpoints = 2) => new()
    {
        Name = name,
        Addresses = [.. Enumerable.Range(1, endpoints).Select(index => $"http://{name}-{index}:80")],
    };

    public static StepSpec Step(int basisPoints) => new()
    {
        Weight = new BasisPoints(basisPoints),
        MinDuration = TimeSpan.FromSeconds(30),
        MaxDuration = TimeSpan.FromMinutes(20),
    };

    public static StepSpec Approval(TimeoutAction onTimeout = TimeoutAction.Abort) =>
        new() { Approval = new ApprovalSpec(TimeSpan.FromHours(2), onTimeout) };

    public static CanarySpec Canary(params StepSpec[] steps) => new()
    {
        Workload = new WorkloadSpec { Kind = "Static", Name = "checkout", Stable = V1 },
        Service = new ServiceSpec { Name = "checkout" },
        Strategy = new StrategySpec { Steps = steps.Length == 0 ? [Step(100), Step(1000)] : [.. steps] },
    };

    public static Verdict Say(VerdictKind kind) => new()
    {
        Kind = kind,
        Reason = $"the verdict is {kind}",
        Score = 50,
        FailEvidence = 0,
        FailThreshold = 4.6,
        PassThreshold = 3,
        Metrics = [],
        Breaches = [],
        Intervals = 1,
        CanaryRequests = 1000,
        StableRequests = 9000,
        Eta = null,
    };

    /// <summary>Adopted, with all traffic on v1.</summary>
    public static World Adopted(CanarySpec? spec = null)
    {
        var world = new World(spec);
        world.Settle();
        Assert.Equal(Phase.Stable, world.Status.Phase);
        world.Events.Clear();
        return world;
    }

    /// <summary>A run of v2 that carries its first weight.</summary>
    public static World InFlight(CanarySpec? spec = null)
    {
        var world = Adopted(spec);
        world.Target = V2;
        world.Settle();
        return world;
    }

    public Observation Observe(params RequestedAction[] actions) => new()
    {
        Target = Target,
        Traffic = new TrafficObservation { Acknowledged = Acknowledged, Proxies = Proxies, ProxiesAcknowledged = Proxies },
        ReadyEndpoints = Ready.ToImmutableDictionary(),
        Verdict = Verdict is { } kind ? Say(kind) with { SuspectEndpoint = Suspect } : null,
        MetricsProblem = MetricsProblem,
        StepCanaryRequests = StepCanaryRequests,
        BakeRegression = BakeRegression,
        Alarm = Alarm,
        SpentBudget = SpentBudget,
        Actions = [.. actions],
    };

    /// <summary>One decision; proxies do not act on it yet.</summary>
    public Decision Decide(params RequestedAction[] actions)
    {
        var decision = Decider.Decide(Spec, Status, Observe(actions), Now);
        Take(decision);
        return decision;
    }

    public void Take(Decision decision)
    {
        Status = decision.Status;
        WakeAt = decision.WakeAt;
        Events.AddRange(decision.Events);
        Ended.AddRange(decision.EndedRuns);
    }

    /// <summary>Proxies take the newest plan.</summary>
    public void Acknowledge() => Acknowledged = Proxies == 0 ? null : TrafficPlan.For(Status);

    /// <summary>Decides until nothing changes any more, with proxies that answer at once.</summary>
    public void Settle(params RequestedAction[] actions)
    {
        Decide(actions);
        for (var round = 0; ProxiesAcknowledge && round < 20 && (Acknowledged != TrafficPlan.For(Status) || round == 0); round++)
        {
            Acknowledge();
            Decide();
        }
    }

    public void Act(ActionKind kind, string by = "ann") => Settle(new RequestedAction(kind, by, ""));

    public void Pass(TimeSpan time, VerdictKind? verdict)
    {
        Verdict = verdict;
        Advance(time);
    }

    public void Advance(TimeSpan time)
    {
        Now += time;
        Settle();
    }

    public IEnumerable<string> Kinds() => Events.Select(told => told.Kind);
}
