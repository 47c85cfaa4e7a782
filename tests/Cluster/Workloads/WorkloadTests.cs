using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Rollouts.Specs;
using MeshCanary.TestCluster.Faults;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Workloads;

/// <summary>The sequences of docs/kubernetes-workloads.md against the real Deployment controller.</summary>
public sealed class WorkloadTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promotion_OfAWholeArm_StartsAndEndsNoPod()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 10_000));
        await web.WhenAsync(() => web.Sight.Ready.GetValueOrDefault(next.Name) == 3, "the arm is ready");
        var before = await web.PodsAsync();

        await web.ReachAsync(next, (old, 10_000));
        Assert.Equal(next, web.Home);
        await web.Space.AvailableAsync(DeploymentUnderTest.Name, Stop);
        var after = await web.PodsAsync();
        Assert.Equal(before["v1"].Order(), after["v1"].Order());
        Assert.Equal(before["v2"].Order(), after["v2"].Order());
        Assert.Empty(after["v0"]);

        await web.ReachAsync(next);
        await web.PodsAsync("v1", 0);
        Assert.Equal(before["v2"].Order(), (await web.PodsAsync())["v2"].Order());
        // All of the history is there again, and the Deployment scales and rolls as ever.
        var sets = await web.Space.Client.AppsV1.ListNamespacedReplicaSetAsync(web.Space.Name, cancellationToken: Stop);
        Assert.Equal(3, sets.Items.Count(set => set.Metadata.OwnerReferences.Any(owner => owner.Kind == "Deployment")));
        await web.PatchAsync(new { spec = new { replicas = 4 } });
        await web.Space.AvailableAsync(DeploymentUnderTest.Name, Stop);
        Assert.Subset((await web.PodsAsync())["v2"].ToHashSet(), before["v2"].ToHashSet());
    }

    [Fact]
    public async Task Handover_DriversThatDieInTheMiddle_IsDoneByTheNextOnes()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 10_000));
        await web.WhenAsync(() => web.Sight.Ready.GetValueOrDefault(next.Name) == 3, "the arm is ready");
        var before = await web.PodsAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                await web.KillAsync();
                web.Start();
                await web.WhenAsync(() => web.Sight.Observation is not null, "the caches are read");
                var version = await VersionsAsync(web);
                web.Ask(next, (old, 10_000));
                await Eventually.TrueAsync(
                    async () => web.Workload.HasReached(web.Key) || await VersionsAsync(web) != version, TimeSpan.FromSeconds(60), "a call is made", cancellation: Stop);
                return web.Workload.HasReached(web.Key);
            },
            TimeSpan.FromSeconds(120), "the handover is done", cancellation: Stop);

        Assert.Equal(next, web.Home);
        var after = await web.PodsAsync();
        Assert.Equal(before.SelectMany(pods => pods).Order(), after.SelectMany(pods => pods).Order());
    }

    [Fact]
    public async Task Bake_ThatFails_GivesTheKeptVersionBackWithItsPods()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 10_000));
        await web.WhenAsync(() => web.Sight.Ready.GetValueOrDefault(next.Name) == 3, "the arm is ready");
        var before = await web.PodsAsync();
        await web.ReachAsync(next, (old, 10_000));

        await web.ReachAsync(old, (next, null));
        Assert.Equal(old, web.Home);
        Assert.True((await web.ReadAsync()).Spec.Paused);
        Assert.Equal(before.SelectMany(pods => pods).Order(), (await web.PodsAsync()).SelectMany(pods => pods).Order());
        Assert.Null(web.Sight.Observation!.TakenOver);

        await web.ReachAsync(old);
        await web.PodsAsync("v2", 0);
        Assert.Equal(before["v1"].Order(), (await web.PodsAsync())["v1"].Order());
    }

    [Fact]
    public async Task ThirdVersion_DuringAHandover_WaitsHeldAndRunsNext()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 10_000));
        var third = await web.DeployAsync("v3");
        await web.ReachAsync(next, (old, 10_000));
        Assert.True((await web.ReadAsync()).Spec.Paused);
        Assert.Empty((await web.PodsAsync())["v3"]);

        await web.ReachAsync(next, (third, 1000), (old, null));
        await web.PodsAsync("v3", 3);
        await web.PodsAsync("v2", 3);

        // Back to what is promoted: no pod of it changes.
        var kept = (await web.PodsAsync())["v2"].Order().ToList();
        await web.DeployAsync("v2");
        await web.ReachAsync(next);
        await web.PodsAsync("v3", 0);
        await web.PodsAsync("v1", 0);
        Assert.NotEqual(true, (await web.ReadAsync()).Spec.Paused);
        Assert.Equal(kept, (await web.PodsAsync())["v2"].Order());
        await web.Space.AvailableAsync(DeploymentUnderTest.Name, Stop);
    }

    [Fact]
    public async Task Roll_ThatNobodyHeld_IsHeldAndTakenAsTheArm()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture, new DeploymentSpec { Hold = HoldMode.Repair });
        var old = web.Home;
        var next = await web.DeployAsync("v2", held: false);
        await web.ReachAsync(old, (next, 1000));

        Assert.True((await web.ReadAsync()).Spec.Paused);
        await web.PodsAsync("v1", 3);
        await web.PodsAsync("v2", 3);
        Assert.Equal(old, web.Home);
    }

    [Fact]
    public async Task Resume_ByAPerson_RollsAndIsRecorded()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 1000));
        await web.PatchAsync(new { spec = new Dictionary<string, object?> { ["paused"] = null } });
        await web.WhenAsync(() => web.Sight.Observation!.TakenOver == next, "it is seen");

        web.Ask(next, (old, 10_000));
        await web.WhenAsync(() => web.Sight.Observation!.Home == next, "it has rolled");
        await web.ReachAsync(next, (old, null));
        await web.ReachAsync(next);
        await web.PodsAsync("v2", 3);
        await web.PodsAsync("v1", 0);
        Assert.Null(web.Sight.Observation!.TakenOver);
        Assert.Equal(3, web.Sight.Ready[next.Name]);
    }

    [Fact]
    public async Task Config_ThatChanges_IsAnotherRevisionWithTheSameTemplate()
    {
        var space = """
              envFrom:
              - configMapRef: { name: settings, optional: true }
            """;
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture, container: space);
        var old = web.Home;
        await web.Space.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings }
            data: { colour: blue }
            """, Stop);
        await Eventually.TrueAsync(() => web.Sight.Target is { } target && target != old, TimeSpan.FromSeconds(60), "the change is seen", cancellation: Stop);
        var next = web.Sight.Target!;

        await web.ReachAsync(old, (next, 10_000));
        await web.WhenAsync(() => web.Sight.Ready.GetValueOrDefault(next.Name) == 3, "the arm is ready");
        var before = await web.PodsAsync();
        await web.ReachAsync(next, (old, 10_000));
        Assert.Equal(next, web.Home);
        Assert.Equal(before["v1"].Order(), (await web.PodsAsync())["v1"].Order());
        await web.ReachAsync(next);
        await web.PodsAsync("v1", 3);
    }

    [Fact]
    public async Task Quota_TooSmall_IsToldInWords()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        await web.Space.ApplyAsync("""
            apiVersion: v1
            kind: ResourceQuota
            metadata: { name: team }
            spec: { hard: { pods: "4" } }
            """, Stop);
        await Eventually.TrueAsync(
            async () => (await web.Space.Client.CoreV1.ReadNamespacedResourceQuotaAsync("team", web.Space.Name, cancellationToken: Stop)).Status?.Used?.ContainsKey("pods") == true,
            TimeSpan.FromSeconds(60), "the quota counts", cancellation: Stop);
        var next = await web.DeployAsync("v2");
        web.Ask(web.Home, (next, 1000));

        await web.WhenAsync(() => web.Sight.Observation!.Problem?.Contains("quota team leaves room for 1 of 3 more pods", StringComparison.Ordinal) == true, "it is told");
        Assert.Empty((await web.PodsAsync())["v2"]);
    }

    [Fact]
    public async Task Driver_WhoseWatchIsSilent_GoesOnFromWhatTheServerHas()
    {
        await using var faults = await fixture.Cluster.FaultsAsync(Stop);
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 10_000));
        await web.KillAsync();
        web.Start(faults.Address);
        await web.ReachAsync(old, (next, 10_000));

        using (faults.Add(call => call.IsWatch && call.Path.EndsWith("/replicasets", StringComparison.Ordinal), Fault.SilentWatch))
        {
            // Somebody else writes to the arm: whatever the driver knows of it is not so any more.
            var arm = $"{DeploymentUnderTest.Name}-{next.Name}";
            var patch = new V1Patch("""{"spec":{"replicas":5}}""", V1Patch.PatchType.MergePatch);
            await web.Space.Client.AppsV1.PatchNamespacedReplicaSetAsync(patch, arm, web.Space.Name, cancellationToken: Stop);
            await web.PatchAsync(new { spec = new { replicas = 4 } });
            await Eventually.TrueAsync(
                async () => (await web.Space.Client.AppsV1.ReadNamespacedReplicaSetAsync(arm, web.Space.Name, cancellationToken: Stop)).Spec.Replicas == 4,
                TimeSpan.FromSeconds(30), "the arm is as large as the Deployment", cancellation: Stop);
        }
    }

    [Fact]
    public async Task Release_InTheMiddleOfARun_LeavesTheDeploymentAsItsOwners()
    {
        await using var web = await DeploymentUnderTest.AdoptedAsync(fixture);
        var old = web.Home;
        var next = await web.DeployAsync("v2");
        await web.ReachAsync(old, (next, 1000));
        var kept = (await web.PodsAsync())["v1"].Order().ToList();
        web.Ask(old);
        await web.WhenAsync(() => web.Workload.GiveBack(web.Key) is null, "all is given back");

        var deployment = await web.ReadAsync();
        Assert.True(deployment.Spec.Paused);
        Assert.DoesNotContain(deployment.Metadata.Annotations.Keys.Concat(deployment.Metadata.Labels?.Keys ?? []), key => key.StartsWith(ApiNames.Prefix, StringComparison.Ordinal));
        await web.PodsAsync("v2", 0);
        Assert.Equal(kept, (await web.PodsAsync())["v1"].Order());
        var services = await web.Space.Client.CoreV1.ListNamespacedServiceAsync(web.Space.Name, labelSelector: InPlaceNames.CanaryLabel, cancellationToken: Stop);
        Assert.Empty(services.Items);
        var sets = await web.Space.Client.AppsV1.ListNamespacedReplicaSetAsync(web.Space.Name, cancellationToken: Stop);
        Assert.All(sets.Items, set => Assert.Equal("Deployment", Assert.Single(set.Metadata.OwnerReferences).Kind));
    }

    private static async Task<string> VersionsAsync(DeploymentUnderTest web)
    {
        var sets = await web.Space.Client.AppsV1.ListNamespacedReplicaSetAsync(web.Space.Name, cancellationToken: Stop);
        var deployment = await web.ReadAsync();
        // Who owns what, and whether it is held: what a handover changes.
        return string.Join(' ', sets.Items.Select(set => $"{set.Metadata.Name}={set.Metadata.OwnerReferences[0].Kind}").Append($"{deployment.Spec.Paused}"));
    }
}
