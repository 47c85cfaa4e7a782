using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Driving;
using MeshCanary.Controller.Workloads.InPlace.Planning;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

/// <summary>What people, other settings and other objects make of the sequences.</summary>
public sealed class CircumstanceTests
{
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
    public void Arm_ThatBeginsAgainSmaller_KeepsItsPodsUntilTheyHadTheirTime()
    {
        var (stage, old, next) = Stage.WithArm(5000);
        stage.Plan = new WorkloadPlan(old, [new ArmPlan(next, new BasisPoints(100), Keeps: true)]);
        Assert.Empty(stage.Go());
        Assert.True(stage.Next().IsReached);
        Assert.Equal(5, stage.Cluster.PodsOf(next.Name).Count);
        stage.Plan = new WorkloadPlan(old, [new ArmPlan(next, new BasisPoints(8000), Keeps: true)]);
        Assert.Equal(["scale web-v2 to 8"], stage.Go());
        stage.Plan = new WorkloadPlan(old, [new ArmPlan(next, new BasisPoints(100))]);
        Assert.Equal(["scale web-v2 to 3"], stage.Go());
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
    public void Resume_ByAPerson_LeavesAnArmThatGetsNoRequestsBeforeItsPodsEnd()
    {
        var (stage, old, next) = Stage.WithArm(1000);
        var uid = stage.Cluster.Sets["web-" + next.Name].Metadata.Uid;
        stage.Resume();
        stage.Ask(next, (old, 10_000));
        stage.Settle();
        var (time, told) = (new FakeTimeProvider(), new List<string>());
        var unlisting = new Unlisting(time);
        InPlaceStep Step()
        {
            var view = stage.Cluster.View();
            return InPlacePlanner.Next(view with { Draining = unlisting.Look(view, TimeSpan.FromSeconds(2)) }, new InPlaceOrder(stage.Plan, stage.Settings));
        }

        while (Step().Call is { } call)
        {
            told.Add(stage.Say(call));
            Assert.True(ModelServer.Do(stage.Cluster, call));
            stage.Settle();
        }

        Assert.Equal("delete service web-mc-v2", told[^1]);
        Assert.False(Step().IsReached);
        Assert.Contains(uid, unlisting.Look(stage.Cluster.View(), TimeSpan.FromSeconds(2)));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("scale web-v2 to 0", stage.Say(Step().Call!));
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
}
