using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace;

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

    [Fact]
    public void Promote_DeploymentWithAHistory_StartsNothingOfIt()
    {
        var (stage, first, second) = Stage.WithArm();
        stage.Ask(second, (first, null));
        stage.Go();
        stage.Ask(second);
        stage.Go();
        stage.Promoted = second;
        var third = stage.Deploy("v3");
        stage.Ask(second, (third, 10_000));
        stage.Go();
        var before = stage.Cluster.Pods.Select(pod => pod.Uid).ToHashSet();
        var history = stage.Cluster.Owned.Single(set => !Objects.IsActive(set)).Metadata.Name;
        stage.Ask(third, (second, 10_000));

        // After each call the controllers do all that they want, as they would if the driver died there.
        Assert.Equal(
            [$"move {history} to Canary", "move web-v2 to Canary", "move web-v3 to Deployment", $"move {history} to Deployment", "unhold", "clean web-v3"],
            stage.Go());
        Assert.True(before.SetEquals(stage.Cluster.Pods.Select(pod => pod.Uid)));
        Assert.Equal(20, stage.Cluster.Pods.Count);
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
}
