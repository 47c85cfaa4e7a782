using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

/// <summary>Giving everything back.</summary>
public sealed class ReleaseTests
{
    private static void AssertReleased(Stage stage, Revision serves)
    {
        Assert.Empty(stage.Cluster.Services);
        Assert.DoesNotContain(stage.Cluster.Sets.Values, set => Objects.Controller(set) != stage.Cluster.Deployment.Metadata.Uid);
        Assert.Null(Objects.Label(stage.Cluster.Deployment, ApiNames.ManagedLabel));
        Assert.DoesNotContain(stage.Cluster.Deployment.Metadata.Annotations.Keys, key => key.StartsWith(ApiNames.Prefix, StringComparison.Ordinal));
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
