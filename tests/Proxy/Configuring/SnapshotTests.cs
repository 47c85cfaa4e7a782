using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Load;

namespace MeshCanary.Proxy.Tests.Configuring;

public sealed class SnapshotTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snapshot_Invalid_IsRefusedWithEveryReasonAndTheOldOneServes()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));

        await proxy.Controller.SendAsync(Snapshots.Of(2, "nowhere", weight: 5, change: route => route.PathPrefix = "x"));
        await TestProxy.UntilAsync(() => !proxy.Controller.Nacks.IsEmpty, "the snapshot is refused");

        var nack = Assert.Single(proxy.Controller.Nacks);
        Assert.Equal(2UL, nack.Version);
        Assert.Equal(3, nack.Reasons.Count);
        Assert.Equal(HttpStatusCode.OK, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);
        await proxy.ApplyAsync(Snapshots.Of(3, Snapshots.At(backend.Address)));
    }

    [Fact]
    public async Task Snapshot_VersionNotAbove_IsRefusedUnlessItIsTheSame()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var fifth = Snapshots.Of(5, Snapshots.At(backend.Address));
        await using var proxy = await TestProxy.StartAsync(Cancellation, fifth);

        await proxy.Controller.SendAsync(fifth);
        await TestProxy.UntilAsync(() => proxy.Controller.Acks.Count == 2, "the same one is acknowledged again");
        await proxy.Controller.SendAsync(Snapshots.Of(5, "http://127.0.0.1:1"));
        await TestProxy.UntilAsync(() => proxy.Controller.Nacks.Count == 1, "another content is refused");
        await proxy.Controller.SendAsync(Snapshots.Of(4, Snapshots.At(backend.Address)));
        await TestProxy.UntilAsync(() => proxy.Controller.Nacks.Count == 2, "a lower version is refused");

        Assert.Equal(HttpStatusCode.OK, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);
        Assert.Contains("meshcanary_proxy_snapshot_version 5", await proxy.AdminAsync("/metrics", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_UnderLoad_LoseNoRequest()
    {
        await using var first = await TestBackend.StartAsync("v1", Cancellation);
        await using var second = await TestBackend.StartAsync("v1", Cancellation);
        await using var canary = await TestBackend.StartAsync("v2", Cancellation);
        var (a, b, c) = (Snapshots.At(first.Address), Snapshots.At(second.Address), Snapshots.At(canary.Address));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, a));
        await using var http1 = LoadGenerator.Start(new LoadPlan(proxy.Address, double.PositiveInfinity) { Workers = 6 });
        await using var http2 = LoadGenerator.Start(new LoadPlan(proxy.Address, double.PositiveInfinity) { Workers = 2, Protocol = HttpVersion.Version20 });

        Action<Route> promoted = route => (route.Stable, route.Canary, route.CanaryWeight) = (Snapshots.Arm("v2", c), null, 0);
        for (var round = 0UL; round < 15; round++)
        {
            var version = 10 * (round + 1);
            await proxy.ApplyAsync(Snapshots.Of(version, [a, b], [c], 100));
            await proxy.ApplyAsync(Snapshots.Of(version + 1, [a, b], [c], 5_000));
            await proxy.ApplyAsync(Snapshots.Of(version + 2, [b], [c], 10_000));
            await proxy.ApplyAsync(Snapshots.Of(version + 3, b, change: promoted));
            await proxy.ApplyAsync(Snapshots.Of(version + 4, [a], [], 0, route => route.Name = $"renamed-{round}"));
        }

        foreach (var load in new[] { http1, http2 })
        {
            var totals = await load.StopAsync();
            Assert.True(totals is { Lost: 0, Failed: 0 }, $"{totals}");
            Assert.True(totals.Of("v1").Succeeded > 0 && totals.Of("v2").Succeeded > 0, $"{totals}");
        }

        // Counts of routes and revisions that are long gone are among the reports.
        var sent = http1.Totals.Sent + http2.Totals.Sent;
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal(sent, proxy.Controller.Store.Sums().Succeeded);
        Assert.Equal(sent, proxy.Controller.Store.Sums().Finished);
        var (stable, drawnCanary) = proxy.Controller.Store.Draws();
        Assert.Equal(sent, stable + drawnCanary);
    }

    [Fact]
    public async Task Snapshots_ManyAtOnce_EndWithTheLatest()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));

        for (var version = 2UL; version <= 100; version++)
            await proxy.Controller.SendAsync(Snapshots.Of(version, Snapshots.At(backend.Address)));
        await proxy.AcknowledgedAsync(100);

        Assert.Empty(proxy.Controller.Nacks);
        var acks = proxy.Controller.Acks.Select(ack => ack.Version).ToList();
        Assert.Equal(acks.Order(), acks);
    }
}
