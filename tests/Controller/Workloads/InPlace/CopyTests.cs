using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

/// <summary>Revisions that read copies of their own.</summary>
public sealed class CopyTests
{
    [Fact]
    public void Arm_WithCopies_HasPodsOnlyWhenAllCopiesAreThere()
    {
        var stage = new Stage(copies: true);
        stage.Go();
        var old = stage.Promoted;
        var next = stage.Deploy("v2");
        stage.Ask(old, (next, 1000));
        var calls = stage.Go().ToList();
        Assert.True(calls.IndexOf("create web-v2 x0") < calls.IndexOf("copy ConfigMap settings for v2"), string.Join(", ", calls));
        Assert.True(calls.IndexOf("copy ConfigMap settings for v2") < calls.IndexOf("scale web-v2 to 3"), string.Join(", ", calls));
        Assert.Equal([$"settings-mc-{next.Name}"], stage.Cluster.Copies.Select(copy => copy.Name));
        Assert.Empty(stage.Cluster.Misread);
    }

    [Fact]
    public void Revision_OnCopies_IsTheSameAsWithout()
    {
        var (with, _, next) = Stage.WithArm(copies: true);
        var without = new Stage();
        without.Cluster.SetConfig(Stage.Config, "one");
        without.Go();
        Assert.Equal(next.Name, without.Deploy("v2", config: Stage.Config).Name);
        Assert.Equal(next, with.Sight.Target);
    }

    [Fact]
    public void Promotion_OnCopies_StartsNoPodAndStaysHeld()
    {
        var (stage, old, next) = Stage.WithArm(copies: true);
        var started = stage.Cluster.Started[next.Name];
        stage.Ask(next, (old, 10_000));
        stage.Go();
        stage.Ask(next);
        stage.Go();
        Assert.True(stage.Next().IsReached);
        Assert.Equal(started, stage.Cluster.Started[next.Name]);
        Assert.True(stage.Cluster.Deployment.Spec.Paused);
        // What the user writes next reaches none of its pods: it is another revision.
        stage.Cluster.SetConfig(Stage.Config, "two");
        Assert.NotEqual(next, stage.Sight.Target);
        Assert.Equal(next, stage.Sight.Observation!.Home);
    }

    [Fact]
    public void Release_OnCopies_RollsBackToTheOwnersObjectsAndLeavesNone()
    {
        var (stage, _, next) = Stage.WithArm(copies: true);
        stage.Ask(next);
        stage.Go(80);
        stage.Releasing = true;
        stage.Go(80);
        Assert.True(stage.Next().IsReached);
        Assert.Empty(stage.Cluster.Copies);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
        Assert.DoesNotContain(stage.Cluster.Sets.Values, ConfigCopies.AreReadBy);
        Assert.Equal(10, stage.Cluster.Pods.Count(pod => pod.Ready));
    }

    [Fact]
    public void Release_OnCopies_WaitsForADeploymentThatHasNotBegunToRoll()
    {
        var (stage, _, next) = Stage.WithArm(copies: true);
        stage.Ask(next);
        stage.Go(80);
        stage.Releasing = true;
        while (stage.Next().Call is { } call)
            Assert.True(ModelServer.Do(stage.Cluster, call), $"{call} was refused");
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
        Assert.False(stage.Next().IsReached);
        stage.Go(80);
        Assert.True(stage.Next().IsReached);
        Assert.Empty(stage.Cluster.Copies);
    }

    [Fact]
    public void Release_OnCopiesWithoutPods_LeavesNone()
    {
        var (stage, _, next) = Stage.WithArm(copies: true);
        stage.Ask(next);
        stage.Go(80);
        stage.Cluster.Edit((spec, _) => spec.Replicas = 0);
        stage.Settle();
        stage.Releasing = true;
        stage.Go(80);
        Assert.True(stage.Next().IsReached);
        Assert.Empty(stage.Cluster.Copies);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
    }

    [Fact]
    public void Copies_TurnedOff_AreLeftByOneRoll()
    {
        var (stage, _, next) = Stage.WithArm(copies: true);
        stage.Ask(next);
        stage.Go(80);
        stage.Settings = new DeploymentSpec();
        stage.Go(80);
        Assert.True(stage.Next().IsReached);
        Assert.Equal(next, stage.Sight.Observation!.Home);
        Assert.Empty(stage.Cluster.Copies);
        Assert.Null(stage.Cluster.Deployment.Spec.Paused);
    }

    [Fact]
    public void Arm_WhoseConfigurationChangesBeforeTheCopy_HasNoPods()
    {
        var stage = new Stage(copies: true);
        stage.Go();
        var old = stage.Promoted;
        var next = stage.Deploy("v2");
        stage.Ask(old, (next, 1000));
        Assert.True(ModelServer.Do(stage.Cluster, stage.Next().Call!));
        stage.Cluster.SetConfig(Stage.Config, "two");
        stage.Go();
        Assert.Contains("before it was copied", stage.Next().Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(stage.Cluster.Pods, pod => pod.Hash == next.Name);
    }
}
