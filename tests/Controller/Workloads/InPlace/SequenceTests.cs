using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

/// <summary>The sequences of docs/kubernetes-workloads.md, call by call.</summary>
public sealed class SequenceTests
{
    [Fact]
    public void Adopt_RunningDeployment_NamesItAndListsItsPods()
    {
        var stage = new Stage();
        var set = Assert.Single(stage.Cluster.Sets).Key;

        Assert.Equal([$"name {set} v1", "mark deployment managed=true canary=web", "create service web-mc-v1"], stage.Go());

        Assert.Equal(stage.Promoted, stage.Sight.Observation!.Home);
        Assert.Equal(10, stage.Sight.Ready[stage.Promoted.Name]);
        Assert.Empty(stage.Cluster.Ended);
    }

    [Fact]
    public void Start_TemplateThatArrivesHeld_RunsBesideStable()
    {
        var stage = new Stage();
        stage.Go();
        var next = stage.Deploy("v2");
        stage.Ask(stage.Promoted, (next, 1000));

        Assert.Equal(["create web-v2 x3", "create service web-mc-v2"], stage.Go());

        Assert.Equal(3, stage.Sight.Ready[next.Name]);
        Assert.Equal(13, stage.Cluster.Pods.Count);
    }

    [Fact]
    public void Reweight_UpAndDown_Scales()
    {
        var (stage, old, next) = Stage.WithArm(1000);
        stage.Ask(old, (next, 5000));
        Assert.Equal(["scale web-v2 to 5"], stage.Go());
        stage.Ask(old, (next, 1000));
        Assert.Equal(["scale web-v2 to 3"], stage.Go());
    }

    [Fact]
    public void Promote_WholeArm_ChangesOwnersAndNoPod()
    {
        var (stage, old, next) = Stage.WithArm();
        var before = stage.Cluster.Pods.Select(pod => pod.Uid).ToHashSet();
        var set = stage.Cluster.Active[0].Metadata.Name;
        stage.Ask(next, (old, 10_000));

        Assert.Equal([$"move {set} to Canary", "move web-v2 to Deployment", "unhold", "clean web-v2"], stage.Go());

        Assert.Equal(next, stage.Sight.Observation!.Home);
        Assert.True(before.SetEquals(stage.Cluster.Pods.Select(pod => pod.Uid)));
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
        Assert.Null(Objects.Annotation(stage.Cluster.Deployment, ApiNames.HeldAnnotation));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(6)]
    public void Promote_DeploymentScaledMeanwhile_OnlyTheNewHomeFollows(int replicas)
    {
        var (stage, old, next) = Stage.WithArm();
        stage.Ask(next, (old, null));
        Assert.StartsWith("move", stage.Say(stage.Next().Call!), StringComparison.Ordinal);
        stage.Cluster.Edit((spec, _) => spec.Replicas = replicas);
        stage.Settle();
        var kept = stage.Cluster.PodsOf(old.Name).Count;
        stage.Go();

        Assert.Equal(kept, stage.Cluster.PodsOf(old.Name).Count);
        Assert.Equal(replicas, stage.Cluster.PodsOf(next.Name).Count);
    }

    [Fact]
    public void AfterPromotion_NextTemplateAndScaling_RollAsEver()
    {
        var (stage, old, next) = Stage.WithArm();
        stage.Ask(next, (old, null));
        stage.Go();
        stage.Ask(next);
        stage.Go();
        stage.Promoted = next;
        stage.Cluster.Edit((spec, _) => spec.Replicas = 7);
        stage.Settle();
        Assert.Equal(7, stage.Cluster.PodsOf(next.Name).Count);
        // A note of an old size on the ReplicaSet would keep the Deployment from rolling for good.
        stage.Cluster.Edit((spec, _) => spec.Template = Templates.Of("v9"));
        stage.Settle();
        Assert.Equal(7, stage.Cluster.Pods.Count);
        Assert.Empty(stage.Cluster.PodsOf(next.Name));
    }

    [Fact]
    public void BakeEnd_OldVersion_GoesToTheHistoryWithoutPods()
    {
        var (stage, old, next) = Stage.WithArm();
        var set = stage.Cluster.Active[0].Metadata.Name;
        stage.Ask(next, (old, 10_000));
        stage.Go();
        stage.Ask(next);

        Assert.Equal([$"scale {set} to 0", "delete service web-mc-v1", $"move {set} to Deployment"], stage.Go());
        Assert.Equal(10, stage.Cluster.Pods.Count);
        Assert.Equal(2, stage.Cluster.Owned.Count());
    }

    [Fact]
    public void BakeRollback_KeptVersion_IsTheHomeAgainAndDeploymentHeld()
    {
        var (stage, old, next) = Stage.WithArm();
        var set = stage.Cluster.Active[0].Metadata.Name;
        stage.Ask(next, (old, 10_000));
        stage.Go();
        var before = stage.Cluster.Pods.Select(pod => pod.Uid).ToHashSet();
        stage.Ask(old, (next, null));

        Assert.Equal(["hold at v1", "move web-v2 to Canary", $"move {set} to Deployment"], stage.Go());
        Assert.True(before.SetEquals(stage.Cluster.Pods.Select(pod => pod.Uid)));
        Assert.True(stage.Cluster.Deployment.Spec.Paused);

        stage.Ask(old);
        Assert.Equal(["scale web-v2 to 0", "delete service web-mc-v2", "move web-v2 to Deployment"], stage.Go());
        Assert.Equal(10, stage.Cluster.PodsOf(old.Name).Count);
        Assert.Null(stage.Sight.Observation!.TakenOver);
    }

    [Fact]
    public void Rollback_OfARun_TakesTheArmDownAndStaysHeld()
    {
        var (stage, old, next) = Stage.WithArm(1000);
        stage.Ask(old, (next, null));
        Assert.Empty(stage.Go());
        stage.Ask(old);

        Assert.Equal(["scale web-v2 to 0", "delete service web-mc-v2", "delete web-v2"], stage.Go());
        Assert.True(stage.Cluster.Deployment.Spec.Paused);
        Assert.Equal(10, stage.Cluster.Pods.Count);
    }

    [Fact]
    public void ThirdTemplate_DuringTheHandover_StaysHeldAndRunsNext()
    {
        var (stage, old, next) = Stage.WithArm();
        var set = stage.Cluster.Active[0].Metadata.Name;
        stage.Ask(next, (old, 10_000));
        var third = stage.Deploy("v3");

        Assert.Equal([$"move {set} to Canary", "move web-v2 to Deployment", "hold at v2"], stage.Go());
        Assert.True(stage.Cluster.Deployment.Spec.Paused);
        Assert.Equal(20, stage.Cluster.Pods.Count);

        stage.Ask(next, (third, 500), (old, null));
        Assert.Equal(["create web-v3 x3", "create service web-mc-v3"], stage.Go());
    }

    [Fact]
    public void ReturnToStable_TemplateOfTheHome_UnholdsWithoutAPodChanged()
    {
        var (stage, old, next) = Stage.WithArm(1000);
        stage.Deploy("v1");
        stage.Ask(old, (next, null));
        var before = stage.Cluster.Pods.Select(pod => pod.Uid).ToHashSet();

        Assert.Equal(["unhold"], stage.Go().Where(call => !call.StartsWith("clean", StringComparison.Ordinal)));
        Assert.True(before.SetEquals(stage.Cluster.Pods.Select(pod => pod.Uid)));
        stage.Ask(old);
        Assert.Equal(["scale web-v2 to 0", "delete service web-mc-v2", "delete web-v2"], stage.Go());
    }

    [Fact]
    public void Start_TemplateInTheHistory_TakesThatReplicaSet()
    {
        var (stage, old, next) = Stage.WithArm();
        var set = stage.Cluster.Active[0].Metadata.Name;
        stage.Ask(next, (old, 10_000));
        stage.Go();
        stage.Ask(next);
        stage.Go();
        stage.Promoted = next;
        Assert.Equal(old, stage.Deploy("v1"));
        stage.Ask(next, (old, 1000));

        Assert.Equal([$"move {set} to Canary", $"scale {set} to 3", "create service web-mc-v1"], stage.Go().Order(StringComparer.Ordinal).Reverse().OrderBy(call => call.Split(' ')[0] switch { "move" => 0, "scale" => 1, _ => 2 }));
        stage.Ask(next, (old, 10_000));
        stage.Go();
        stage.Ask(old, (next, 10_000));
        stage.Go();
        Assert.Equal(old, stage.Sight.Observation!.Home);
        Assert.Equal(20, stage.Cluster.Pods.Count);
    }

    [Fact]
    public void Config_OtherContentUnderTheSameTemplate_IsAnotherRevisionAndHandedOver()
    {
        var stage = new Stage();
        stage.Cluster.SetConfig("settings", "one");
        stage.Go();
        var old = stage.Deploy("v2", config: "settings");
        stage.Ask(stage.Promoted, (old, 10_000));
        stage.Go();
        stage.Ask(old);
        stage.Go();
        stage.Promoted = old;
        stage.Cluster.SetConfig("settings", "two");
        var next = stage.Learn("w2");
        Assert.NotEqual(old, next);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);

        stage.Ask(old, (next, 10_000));
        Assert.Equal(["create web-w2 x10", "create service web-mc-w2"], stage.Go());
        stage.Ask(next, (old, 10_000));
        var first = stage.Cluster.Sets.Keys.Single(name => name.StartsWith("web-k", StringComparison.Ordinal));
        // A Deployment without pods would scale up what is in its history, so that goes first and comes back at the end.
        Assert.Equal(
            ["hold at w2", $"move {first} to Canary", "move web-v2 to Canary", "move web-w2 to Deployment", $"move {first} to Deployment", "unhold", "clean web-w2"],
            stage.Go());
        stage.Ask(next);
        // Of two with one template the Deployment would take the older.
        Assert.Equal(["scale web-v2 to 0", "delete service web-mc-v2", "delete web-v2"], stage.Go());
        Assert.Equal(10, stage.Cluster.PodsOf(next.Name).Count);
        Assert.Equal(10, stage.Cluster.Pods.Count);

        stage.Cluster.SetConfig("settings", "one");
        Assert.Equal(old, stage.Learn("v2"));
    }

    [Fact]
    public void Resume_ByAPerson_IsNotFought()
    {
        var (stage, old, next) = Stage.WithArm(1000);
        stage.Resume();

        Assert.Equal(next, stage.Sight.Observation!.TakenOver);
        Assert.Null(stage.Sight.Observation.Home);
        stage.Ask(next, (old, 10_000));
        stage.Go();
        Assert.Equal(next, stage.Sight.Observation!.Home);
        Assert.Equal(next, stage.Sight.Observation.TakenOver);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);

        stage.Ask(next, (old, null));
        stage.Go();
        stage.Ask(next);
        stage.Go();
        Assert.Null(stage.Sight.Observation!.TakenOver);
        Assert.Equal(10, stage.Cluster.Pods.Count);
        Assert.Equal(10, stage.Sight.Ready[next.Name]);
        Assert.True(stage.Next().IsReached);
    }

    [Fact]
    public void Repair_RollThatNobodyHeld_IsHeldAndTakenAsTheArm()
    {
        var stage = new Stage(hold: HoldMode.Repair);
        stage.Go();
        var next = stage.Deploy("v2", webhook: false);
        DeploymentController.Sync(stage.Cluster);
        stage.Ask(stage.Promoted, (next, 1000));
        var intruder = stage.Cluster.Active.Single(set => Objects.Revision(set) is null).Metadata.Name;

        Assert.Equal(["hold at v1", $"name {intruder} v2", $"move {intruder} to Canary", "create service web-mc-v2"], stage.Go(settled: false).Take(4));
        Assert.Equal(10, stage.Cluster.PodsOf(stage.Promoted.Name).Count);
        Assert.Equal(3, stage.Cluster.PodsOf(next.Name).Count);
        Assert.Equal(intruder, Assert.Single(stage.Cluster.Sets.Values, set => Objects.Revision(set) == next.Name).Metadata.Name);
    }

    [Fact]
    public void Hold_MissingAlthoughTheWebhookIsAskedFor_SaysSo()
    {
        var stage = new Stage();
        stage.Go();
        stage.Deploy("v2", webhook: false);

        var step = stage.Next();
        Assert.Equal("hold at v1", stage.Say(step.Call!));
        Assert.Contains("the webhook did not see it", step.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Always_FromAdoptionOn_IsHeldAndStaysSo()
    {
        var stage = new Stage(hold: HoldMode.Always);
        Assert.Contains("hold at v1", stage.Go());
        var next = stage.Deploy("v2", webhook: false);
        stage.Ask(stage.Promoted, (next, 10_000));
        stage.Go();
        stage.Ask(next, (stage.Promoted, 10_000));
        stage.Go();
        Assert.Equal(next, stage.Sight.Observation!.Home);
        Assert.True(stage.Cluster.Deployment.Spec.Paused);
    }

    [Fact]
    public void Quota_TooSmallForTheArm_SaysSoAndMakesNothing()
    {
        var stage = new Stage();
        stage.Go();
        stage.Cluster.Quota = new k8s.Models.V1ResourceQuota
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = "team" },
            Status = new k8s.Models.V1ResourceQuotaStatus
            {
                Hard = new Dictionary<string, k8s.Models.ResourceQuantity> { ["pods"] = new("12") },
                Used = new Dictionary<string, k8s.Models.ResourceQuantity> { ["pods"] = new("10") },
            },
        };
        var next = stage.Deploy("v2");
        stage.Ask(stage.Promoted, (next, 1000));

        var step = stage.Next();
        Assert.Null(step.Call);
        Assert.False(step.IsReached);
        Assert.Contains("quota team leaves room for 2 of 3 more pods", step.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_ToZero_IsAProblemAndNoFault()
    {
        var stage = new Stage();
        stage.Go();
        stage.Cluster.Edit((spec, _) => spec.Replicas = 0);
        stage.Settle();
        Assert.Contains("scaled to 0", stage.Next().Problem, StringComparison.Ordinal);
        Assert.Equal(stage.Promoted, stage.Sight.Observation!.Home);
        Assert.Equal(1, stage.Sight.Observation.Whole);
    }

    private static void AssertReleased(Stage stage, Revision serves)
    {
        Assert.Empty(stage.Cluster.Services);
        Assert.Empty(stage.Cluster.Sets.Values.Where(set => Objects.Controller(set) != stage.Cluster.Deployment.Metadata.Uid));
        Assert.Null(Objects.Label(stage.Cluster.Deployment, ApiNames.ManagedLabel));
        Assert.Empty(stage.Cluster.Deployment.Metadata.Annotations.Keys.Where(key => key.StartsWith(ApiNames.Prefix, StringComparison.Ordinal)));
        Assert.Equal(10, stage.Cluster.Pods.Count(pod => pod.Ready));
        Assert.DoesNotContain(stage.Cluster.Ended, ended => ended.Revision == serves.Name);
    }

    [Fact]
    public void Release_WhileStable_LeavesTheDeploymentAsItWas()
    {
        var stage = new Stage();
        stage.Go();
        stage.Releasing = true;
        stage.Go();
        Assert.True(stage.Next().IsReached);
        AssertReleased(stage, stage.Promoted);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
    }

    [Theory]
    [InlineData(ReleaseAction.Hold)]
    [InlineData(ReleaseAction.Resume)]
    public void Release_WhileARunIsInFlight_HoldsOrResumesAsAsked(ReleaseAction action)
    {
        var (stage, old, _) = Stage.WithArm(1000, release: action);
        stage.Ask(old);
        stage.Releasing = true;
        stage.Go();
        Assert.True(stage.Next().IsReached);
        if (action == ReleaseAction.Hold)
            AssertReleased(stage, old);
        Assert.Equal(action == ReleaseAction.Hold, stage.Cluster.Deployment.Spec.Paused == true);
    }

    [Fact]
    public void Release_InTheMiddleOfTheHandover_GivesWhatServesToTheDeployment()
    {
        var (stage, old, next) = Stage.WithArm();
        stage.Ask(next, (old, null));
        Assert.True(ModelServer.Do(stage.Cluster, stage.Next().Call!));
        stage.Settle();
        stage.Ask(next);
        stage.Releasing = true;
        stage.Go();
        Assert.True(stage.Next().IsReached);
        AssertReleased(stage, next);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
    }
}
