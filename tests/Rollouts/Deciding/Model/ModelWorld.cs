using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>A world in which anything may happen at any time; every decision in it is checked against the rules.</summary>
internal sealed class ModelWorld
{
    private static readonly Revision[] Revisions = [World.V1, World.V2, World.V3, World.Revision("v4", 1)];
    private static readonly int[] Seconds = [0, 1, 5, 29, 31, 120, 599, 601, 1300, 7300, 90_000];
    private static readonly VerdictKind?[] Verdicts = [null, VerdictKind.NotEnoughData, VerdictKind.Pass, VerdictKind.Pass, VerdictKind.Fail, VerdictKind.Invalid, VerdictKind.Inconclusive];

    private static readonly CanaryAlarm?[] Alarms =
    [
        null, null,
        new(EventKinds.CircuitOpened, "12 of 20 requests failed on proxy edge"),
        new(EventKinds.ExposureSpent, "its 5 failures are spent"),
    ];

    private readonly CanarySpec _spec;
    private readonly ModelProxies _proxies = new();
    private readonly Dictionary<string, int> _ready = [];
    private readonly Rules _rules;
    private RolloutStatus _status;
    private DateTimeOffset _now = World.Epoch;
    private Revision _target = World.V1;
    private VerdictKind? _verdict;
    private long _requests = 1000;
    private string? _metricsProblem;
    private string? _breach;
    private CanaryAlarm? _alarm;
    private string? _spent;

    private readonly ModelWorkload? _workload;

    public ModelWorld(CanarySpec spec, bool runsPods = false)
    {
        _spec = spec;
        _workload = runsPods ? new ModelWorkload(World.V1) : null;
        _rules = new Rules(spec);
        _status = Decider.Begin(spec, _now);
        foreach (var revision in Revisions)
            _ready[revision.Name] = revision.Addresses.Length;
    }

    public RolloutStatus Status => _status;

    public Revision Target => _target;

    public IReadOnlyDictionary<string, int> Told => _rules.Told;

    public void Do(Move move)
    {
        RequestedAction? action = null;
        switch (move.Kind)
        {
            case MoveKind.Time: _now += TimeSpan.FromSeconds(Seconds[move.A % Seconds.Length]); break;
            case MoveKind.Target: _target = Revisions[move.A % Revisions.Length]; break;
            case MoveKind.Ready: SetReady(Revisions[move.A % Revisions.Length], move.B); break;
            case MoveKind.Verdict: _verdict = Verdicts[move.A % Verdicts.Length]; break;
            case MoveKind.Requests: _requests = move.A % 200; break;
            case MoveKind.Metrics: _metricsProblem = move.A % 3 == 0 ? "no report for 30s" : null; break;
            case MoveKind.Breach: _breach = move.A % 3 == 0 ? "errorRate 20% is above 5% over 100 requests" : null; break;
            case MoveKind.Alarm: _alarm = Alarms[move.A % Alarms.Length]; break;
            case MoveKind.Budget: _spent = move.A % 3 == 0 ? "its 1000 requests are spent" : null; break;
            case MoveKind.Send: _proxies.Send(TrafficPlan.For(_status)); break;
            case MoveKind.Acknowledge: _proxies.Take(move.A, move.B % 2 == 0 ? int.MaxValue - 1 : move.B, move.B % 5 == 0); break;
            case MoveKind.Lose: _proxies.Lose(move.A); break;
            case MoveKind.Connect: _proxies.Toggle(move.A); break;
            case MoveKind.Workload: _workload?.Disturb(move.A, _target, WorkloadPlan.For(_status)); break;
            case MoveKind.Action: action = new RequestedAction((ActionKind)(move.A % 10), "ann", "") { Step = move.B % 5 }; break;
            case MoveKind.Calm: Calm(move.A); break;
            default: break;
        }

        // A crash before the status is written loses the decision; what was seen is decided on again later.
        Decide(action, lost: move.Kind == MoveKind.Crash);
    }

    /// <summary>From now on all is well and nobody acts; gives whether the rollout comes to rest.</summary>
    public bool Rest()
    {
        Calm(0);
        for (var round = 0; round < 200; round++)
        {
            _proxies.Calm(TrafficPlan.For(_status));
            FollowPlan();
            var decision = Decide(null, lost: false);
            if (_status is { Phase: Phase.Stable or Phase.Failed, Leaving: null } && TrafficPlan.For(_status) == _proxies.Observe(TrafficPlan.For(_status)).Acknowledged)
                return true;
            if (decision.Events.IsEmpty)
                _now = decision.WakeAt ?? _now;
        }

        return false;
    }

    private void Calm(int time)
    {
        FollowPlan();
        (_verdict, _metricsProblem, _breach, _alarm, _spent, _requests) = (VerdictKind.Pass, null, null, null, null, 1000);
        _proxies.Calm(TrafficPlan.For(_status));
        _now += TimeSpan.FromSeconds(time % 100);
    }

    private void FollowPlan()
    {
        var plan = WorkloadPlan.For(_status);
        _workload?.Calm(plan);
        foreach (var revision in Revisions)
            _ready[revision.Name] = _workload?.Needed(plan, revision) ?? revision.Addresses.Length;
    }

    private void SetReady(Revision revision, int draw)
    {
        if (draw % 5 == 0)
            _ready.Remove(revision.Name);
        else
            _ready[revision.Name] = draw % ((_workload is null ? revision.Addresses.Length : 10) + 1);
    }

    private Decision Decide(RequestedAction? action, bool lost)
    {
        var seen = Observe(action);
        var decision = Decider.Decide(_spec, _status, seen, _now);
        _rules.Check(_status, seen, decision, _now);
        if (lost)
            return decision;
        _rules.Keep(decision);
        // Every decision survives a restart: the status comes back from what was written.
        var restored = RolloutStatusJson.Read(RolloutStatusJson.Write(decision.Status));
        Assert.Equal(decision.Status, restored);
        if (restored.Run?.Id != _status.Run?.Id)
            (_verdict, _alarm, _spent) = (null, null, null);
        _status = restored;
        return decision;
    }

    private Observation Observe(RequestedAction? action) => new()
    {
        Target = _target,
        Traffic = _proxies.Observe(TrafficPlan.For(_status)),
        ReadyEndpoints = _ready.ToImmutableDictionary(),
        Workload = _workload?.Observe(),
        Verdict = _verdict is { } kind && _status.Run is not null ? World.Say(kind) : null,
        MetricsProblem = _metricsProblem,
        StepCanaryRequests = _requests,
        BakeRegression = _breach,
        Alarm = _alarm,
        SpentBudget = _spent,
        Actions = action is null ? [] : [action],
    };
}
