using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Leading;
using MeshCanary.Machinery.Resources;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Machinery;

public sealed class LeaderAndEventTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_OnAnApiServer_IsHeldRenewedAndHandedOver()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var options = new LeaderOptions(new ObjectKey(space.Name, "controller"), "first") { Address = "http://10.0.0.1" };
        var first = new LeaderElection(cluster, options);
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var firstRun = first.RunAsync(term => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term), stopFirst.Token);
        await Reach.WhenAsync(() => first.IsLeading, "the first leads");
        var second = new LeaderElection(cluster, options with { Name = "second" });
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var secondRun = second.RunAsync(term => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term), stopSecond.Token);
        await Reach.WhenAsync(() => second.Leader is { Address: "http://10.0.0.1", IsSelf: false }, "the second sees the first");

        // People's labels on the Lease stay, and cost no term.
        var held = await LeaseAsync(space.Name);
        await space.Client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch("""{"metadata":{"labels":{"team":"a"}}}""", V1Patch.PatchType.MergePatch), "controller", space.Name, cancellationToken: Stop);
        await Eventually.TrueAsync(
            async () => (await LeaseAsync(space.Name)).Spec.RenewTime > held.Spec.RenewTime, TimeSpan.FromSeconds(20), "it is renewed", cancellation: Stop);
        var renewed = await LeaseAsync(space.Name);
        Assert.Equal((first.Identity, 15, 0, "a"), (renewed.Spec.HolderIdentity, renewed.Spec.LeaseDurationSeconds!.Value, renewed.Spec.LeaseTransitions!.Value, renewed.Metadata.Labels["team"]));
        Assert.True(first.IsLeading && !second.IsLeading);

        await stopFirst.CancelAsync();
        await firstRun;
        await Reach.WhenAsync(() => second.IsLeading, "the second leads");
        Assert.Equal(1, (await LeaseAsync(space.Name)).Spec.LeaseTransitions);
        await stopSecond.CancelAsync();
        await secondRun;
    }

    [Fact]
    public async Task Events_ThatRepeat_AreOneObjectWithACount()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var target = await space.Client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new() { Name = "a" } }, space.Name, cancellationToken: Stop);
        (target.ApiVersion, target.Kind) = ("v1", "ConfigMap");
        var recorder = new EventRecorder(cluster, new EventOptions("meshcanary.io/test", "test-1"));
        for (var i = 0; i < 3; i++)
            recorder.Record(new ObjectEvent(ObjectEvent.To(target), false, "Promoted", "Promote", "Revision 7 is stable now."));
        recorder.Record(new ObjectEvent(ObjectEvent.To(target), true, "Failed", "Judge", new string('ä', 2000)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = recorder.RunAsync(stop.Token);

        // What people see, by the older API as kubectl does.
        IList<Corev1Event> events = [];
        await Eventually.TrueAsync(
            async () =>
            {
                events = (await space.Client.CoreV1.ListNamespacedEventAsync(space.Name, cancellationToken: Stop)).Items;
                return events.Any(each => each.Series?.Count == 3) && events.Count == 2;
            },
            TimeSpan.FromSeconds(20), "two events are there, one with a count", () => KubernetesJson.Serialize(events), Stop);
        var promoted = events.Single(each => each.Reason == "Promoted");
        Assert.Equal(("Normal", "Promote", "meshcanary.io/test", target.Metadata.Uid), (promoted.Type, promoted.Action, promoted.ReportingComponent, promoted.InvolvedObject.Uid));
        Assert.EndsWith("…", events.Single(each => each.Type == "Warning").Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await run;
    }

    private Task<V1Lease> LeaseAsync(string space) =>
        fixture.Cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync("controller", space, cancellationToken: Stop);
}
