using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Planning;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>A world in which the controllers of the cluster, the planner, the core and people act in any order, on caches of any age.</summary>
internal sealed class ModelWorld
{
    private static readonly string[] Versions = ["v1", "v2", "v3"];
    private static readonly int[] Sizes = [1, 3, 6, 10];

    private readonly Stage _stage;
    private readonly ModelCore _core;
    private readonly List<InPlaceView> _seen = [];
    private readonly List<string> _told = [];
    private int _counted;
    private int _fewest;

    public ModelWorld(HoldMode hold, bool copies = false)
    {
        _stage = new Stage(6, hold, copies: copies);
        _stage.Go();
        _core = new ModelCore(_stage.Promoted);
        Remember();
    }

    private ModelCluster Cluster => _stage.Cluster;

    /// <summary>Whether a person lifted the hold, or rolls back by hand: then pods of the plan go by that person's will.</summary>
    private bool IsByHand { get; set; }

    public void Do(int kind, int draw)
    {
        switch (kind)
        {
            case 0: People(draw); break;
            case 1 or 2: _core.Decide(InPlaceSight.Of(Pick(draw), null), draw); break;
            case 3: _core.Drain(); break;
            case 4 or 5 or 6 or 7: Call(Pick(draw)); break;
            case 8 or 9: DeploymentController.Sync(Cluster); break;
            case 10: Calm(); break;
            default: Sync(draw); break;
        }

        _told.Add($"{kind} {draw}: {State}");
        Remember();
        Check();
    }

    /// <summary>Nobody acts any more but the core, the planner and the cluster; gives whether all comes to rest.</summary>
    public bool Rest()
    {
        for (var round = 0; round < 60; round++)
        {
            Calm();
            var before = _core.Plan;
            _core.Decide(_stage.Sight, 1);
            _core.Drain();
            Check();
            if (before == _core.Plan && Step(Cluster.View()) is { Call: null, IsReached: true } && _core.Plan.Arms.IsEmpty)
                return Cluster.Pods.Count == (Cluster.Deployment.Spec.Replicas ?? 1) && Cluster.Pods.All(pod => pod.Ready);
        }

        return false;
    }

    /// <summary>Gives everything back; gives whether nothing of ours is left.</summary>
    public bool Release()
    {
        _core.Release();
        _stage.Releasing = true;
        for (var round = 0; round < 120; round++)
        {
            _stage.Settle();
            var step = Step(Cluster.View());
            _told.Add($"{step.Call}, {step.Problem}: {State}");
            if (step.Call is { } call)
                ModelServer.Do(Cluster, call);
            else if (step.IsReached)
                return Cluster.Services.Count == 0 && (!Cluster.Copies.Any() || Cluster.Deployment.Spec.Paused == true) && Cluster.Sets.Values.All(set => Objects.Controller(set) == Cluster.Deployment.Metadata.Uid)
                    && !Cluster.Deployment.Metadata.Annotations.Keys.Any(name => name.StartsWith(ApiNames.Prefix, StringComparison.Ordinal));
        }

        return false;
    }

    private void Calm()
    {
        for (var calls = 0; calls < 60; calls++)
        {
            _stage.Settle();
            // Before the call: what ends now was taken down before it, and may be wanted again after.
            Check();
            if (Step(Cluster.View()).Call is not { } call)
                return;
            Do(call);
        }

        Assert.Fail($"calls without end: {Step(Cluster.View()).Call}, plan {Say(_core.Plan)}; {Told}");
    }

    private string State =>
        $"{Cluster.Deployment.Spec.Template.Spec.Containers[0].Image[21..]} x{Cluster.Deployment.Spec.Replicas} {(Cluster.Deployment.Spec.Paused == true ? "paused" : "rolls")} "
        + $"[{string.Join(' ', Cluster.Sets.Values.Select(set => $"{(Objects.Controller(set) == "d-uid" ? "D" : "C")}:{set.Metadata.Name}={Objects.Revision(set)}x{Objects.Size(set)}/{set.Status?.ReadyReplicas}"))}] plan {Say(_core.Plan)}";

    /// <summary>What happened last, one a line.</summary>
    public string Told => string.Join('\n', _told.TakeLast(100).Prepend(""));

    private InPlaceStep Step(InPlaceView view) => InPlacePlanner.Next(view, new InPlaceOrder(_core.Plan, _stage.Settings, _stage.Releasing));

    private void Call(InPlaceView view)
    {
        if (Step(view).Call is { } call)
            Do(call);
    }

    private void Do(InPlaceCall call)
    {
        var before = Cluster.Active.Count;
        _told.Add($"{call}: {(ModelServer.Do(Cluster, call) ? "done" : "refused")}");
        if (call is ScaleReplicaSet scale && _told[^1].EndsWith("done", StringComparison.Ordinal) && !IsByHand)
            Assert.True(MayScale(scale), $"{call}; {Told}");
        Assert.True(Cluster.Active.Count <= Math.Max(1, before), $"{call} gives the Deployment two ReplicaSets with pods; {Told}");
        if (call is UnholdDeployment)
            IsByHand = false;
        // What the webhook compares with is in the status, which is written before anything is done.
        _stage.Promoted = _core.Plan.Home;
    }

    // An arm that leaves keeps its size until it has left, and the home is nobody's to scale but for what it lacks. Beside the home that
    // the Deployment has as a whole nothing else of its revision is needed: such a second one is left by a person who resumed.
    private bool MayScale(ScaleReplicaSet scale)
    {
        var revision = Objects.Revision(scale.Set);
        if (scale.Size >= Objects.Size(scale.Set) || revision is null)
            return true;
        if (revision == _core.Plan.Home.Name)
            return Cluster.Owned.Any(set => set.Metadata.Name != scale.Name && Objects.Revision(set) == revision && Objects.IsWhole(set, Cluster.Deployment.Spec.Replicas ?? 1));
        return _core.Plan.Arms.FirstOrDefault(arm => arm.Revision.Name == revision) is not ({ Share: null } or { Keeps: true });
    }

    private void People(int draw)
    {
        _stage.Promoted = _core.Plan.Home;
        _told.Add($"people {draw % 8} {Versions[draw / 8 % 3]} {Sizes[draw / 8 % Sizes.Length]}");
        switch (draw % 8)
        {
            case 0 or 1 or 2 or 3:
                _stage.Deploy(Versions[draw / 8 % 3], webhook: _stage.Settings.Hold == HoldMode.Webhook);
                // Without a webhook the Deployment rolls until somebody sees it.
                IsByHand |= _stage.Settings.Hold == HoldMode.Repair || Cluster.Deployment.Spec.Paused != true;
                break;
            case 4:
                Cluster.Edit((spec, _) => spec.Replicas = Sizes[draw / 8 % Sizes.Length]);
                break;
            case 5 when Cluster.Deployment.Spec.Paused == true:
                _stage.Resume();
                IsByHand = true;
                break;
            case 6 when _stage.Settings.ConfigSnapshots:
                Cluster.SetConfig(Stage.Config, draw / 8 % 2 == 0 ? "one" : "two");
                break;
            default:
                break;
        }
    }

    private void Sync(int draw)
    {
        if (draw % 5 == 0)
            Cluster.Collect();
        foreach (var name in Cluster.Sets.Keys.Where((_, index) => (draw >> index) % 2 == 0).ToList())
        {
            ReplicaSetController.Sync(Cluster, name, 1 + (draw % 3));
            if (draw % 2 == 0)
                ReplicaSetController.Ready(Cluster, name);
        }
    }

    private void Remember()
    {
        _seen.Add(Cluster.View());
        if (_seen.Count > 4)
            _seen.RemoveAt(0);
    }

    // Each informer lags behind by itself.
    private InPlaceView Pick(int draw)
    {
        var sets = _seen[Math.Max(0, _seen.Count - 1 - (draw % 4))];
        return _seen[Math.Max(0, _seen.Count - 1 - (draw / 4 % 4))] with { ReplicaSets = sets.ReplicaSets, ArmServices = sets.ArmServices, Slices = sets.Slices };
    }

    /// <summary>No ready pod of what the plan keeps goes, but those above what it needs.</summary>
    private void Check()
    {
        var plan = _core.Plan;
        Assert.True(Cluster.Misread.Count == 0, $"pods of {string.Join(", ", Cluster.Misread)} read what is not their revision's; {Told}");
        // What its owner scaled down and up again is whole only once it was.
        var size = Cluster.Deployment.Spec.Replicas ?? 1;
        var home = Cluster.Sets.Values.Where(set => Objects.Revision(set) == plan.Home.Name).Sum(Objects.Size);
        _fewest = Math.Min(home, Cluster.PodsOf(plan.Home.Name).Count) >= size ? size : Math.Min(_fewest, size);
        foreach (var (pod, revision) in Cluster.Ended.Skip(_counted).Where(ended => ended.Pod.Ready))
        {
            if (IsByHand || revision is null)
                continue;
            var left = Cluster.PodsOf(revision).Count;
            var replicas = _fewest;
            // What was taken down while nobody wanted it ends, whoever wants it by now; that nothing is taken down before is looked at with each call.
            var asked = Cluster.Sets.Values.Where(set => Objects.Revision(set) == revision).Sum(Objects.Size);
            var needed = revision == plan.Home.Name ? Math.Min(asked, replicas)
                : plan.Arms.FirstOrDefault(arm => arm.Revision.Name == revision) is not { } arm ? 0
                : Math.Min(asked, arm.Share is { } share ? Math.Min(replicas, ArmSize.For(share, replicas)) : left + 1);
            Assert.True(left >= needed, $"pod {pod.Uid} of {revision} ended with {left} left of {needed}; plan {Say(plan)}; {Told}");
        }

        _counted = Cluster.Ended.Count;
    }

    private static string Say(WorkloadPlan plan) => $"{plan.Home.Name} beside {string.Join(", ", plan.Arms.Select(arm => $"{arm.Revision.Name} {arm.Share?.ToString() ?? "leaving"}"))}";
}
