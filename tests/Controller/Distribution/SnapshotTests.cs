using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Distribution;

public sealed class SnapshotTests : IDisposable
{
    private const ulong Elsewhere = 1UL << 52;

    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Proxy_Connected_GetsWelcomeAndTheWholeRoute()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);

        var view = await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");

        Assert.Equal(1000u, proxy.Welcome!.ReportIntervalMs);
        var route = Assert.Single(proxy.Newest!.Routes);
        Assert.Equal("shop/checkout", route.Name);
        Assert.Equal("/checkout", route.PathPrefix);
        Assert.Equal("v1", route.Stable.Revision);
        Assert.Equal([_v1.Address], route.Stable.Endpoints);
        Assert.Null(route.Canary);
        Assert.Equal([("edge", (long)proxy.Newest.Version)], view.Proxies.Select(known => (known.Name, known.AcknowledgedVersion)));
    }

    [Fact]
    public async Task Weight_OneProxyHasNotAnswered_IsNotAcknowledged()
    {
        await using var controller = await StartAsync();
        await using var quick = new FakeProxy("quick");
        await using var slow = new FakeProxy("slow");
        await quick.ConnectAsync(controller.Server.Control);
        await slow.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");

        slow.Answer = _ => null;
        await controller.AnnounceAsync("v2", _v2.Address);
        await Eventually.Holds(() => slow.Newest?.Routes[0].CanaryWeight == 1000, "The weight does not arrive");

        var waiting = await controller.Until(view => view.Proxies.Any(known => known.AcknowledgedVersion == (long)slow.Newest!.Version), "The quick proxy's answer is not seen");
        Assert.Null(waiting.Weight.Acknowledged);
        Assert.Null(waiting.Run!.StepAcknowledgedAt);

        await slow.SendAsync(FakeProxy.Ack(slow.Newest!));
        var done = await controller.Until(view => view.Weight.Acknowledged == 1000, "The weight is not acknowledged");
        Assert.NotNull(done.Run!.StepAcknowledgedAt);
    }

    [Fact]
    public async Task Snapshot_Refused_SaysWhyAndHolds()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");

        proxy.Answer = snapshot => FakeProxy.Nack(snapshot, "the port is on fire");
        await controller.AnnounceAsync("v2", _v2.Address);

        var view = await controller.Until(view => view.Proxies[0].Problem is not null, "The refusal is not seen");
        Assert.Contains("the port is on fire", view.Proxies[0].Problem, StringComparison.Ordinal);
        Assert.Equal(0, view.Weight.Acknowledged);
        view = await controller.Until(view => view.WaitingFor?.What.Contains("on fire", StringComparison.Ordinal) == true, "Nobody is told what is waited for");
        Assert.Equal(Phase.Progressing, view.Phase);
    }

    [Fact]
    public async Task Version_AfterARestart_StaysWhenNothingChangedAndRisesWhenSomethingDid()
    {
        await using var proxy = new FakeProxy("edge");
        ulong before;
        await using (var controller = await StartAsync())
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
            before = proxy.Newest!.Version;
        }

        proxy.Snapshots.Clear();
        await using (var controller = await StartAsync())
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
            Assert.Equal(before, proxy.Newest!.Version);
            await controller.AnnounceAsync("v2", _v2.Address);
            await Eventually.Holds(() => proxy.Newest.Version > before, "The version does not rise");
        }

        var versions = proxy.Snapshots.Select(snapshot => snapshot.Version).ToList();
        Assert.Equal(versions.Order(), versions);
    }

    [Fact]
    public async Task Proxy_WithANewerSnapshotFromElsewhere_GetsAVersionAboveIt()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("edge") { Hello = new Wire.Hello { ActiveVersion = Elsewhere } };
        await proxy.ConnectAsync(controller.Server.Control);

        await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
        Assert.True(proxy.Newest!.Version > Elsewhere);
    }

    [Fact]
    public async Task Welcome_WithALongAnalysisInterval_AsksForFewerReports()
    {
        var manifest = TestController.Manifest("checkout", _v1.Address);
        manifest = manifest with { Spec = manifest.Spec with { Analysis = manifest.Spec.Analysis with { Interval = TimeSpan.FromMinutes(10) } } };
        await using var controller = await TestController.StartAsync(_folder.Path, _time, manifest);
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);

        await Eventually.Holds(() => proxy.Welcome is not null, "No welcome arrives");
        Assert.Equal(10_000u, proxy.Welcome!.ReportIntervalMs);
    }

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));
}
