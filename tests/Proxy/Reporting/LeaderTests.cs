using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Endpoints;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Load;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Proxy.Tests.Reporting;

/// <summary>Several controllers behind one name, of which one leads.</summary>
public sealed class LeaderTests
{
    private const string Name = "controller.test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("")]
    public async Task Connect_OnlyTheSecondLeads_FindsItWhoeverIsAskedFirst(string named)
    {
        await using var leader = await FakeController.StartAsync(Cancellation, address: "127.0.0.2");
        await using var other = await FakeController.StartAsync(Cancellation, leader.Address.Port);
        other.Leader = named;
        var names = new TestNames();
        names.Set(Name, "127.0.0.1", "127.0.0.2");

        for (var i = 0; i < 4; i++)
        {
            await using var proxy = await ProxyServer.StartAsync(Behind(TestProxy.Options(leader.Address), names, leader), TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
            var before = i;
            await TestProxy.UntilAsync(() => leader.Hellos.Count > before, "the leader is found");
        }

        Assert.Equal(4, leader.Hellos.Count);
        Assert.All(leader.Hellos, hello => Assert.Equal("shop/checkout", hello.Canary));
    }

    [Fact]
    public async Task Lead_Changes_TheProxyFollowsAndServesOn()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var first = await FakeController.StartAsync(Cancellation, address: "127.0.0.2");
        await using var second = await FakeController.StartAsync(Cancellation, first.Address.Port);
        second.Leader = "127.0.0.2";
        var names = new TestNames();
        names.Set(Name, "127.0.0.1", "127.0.0.2");
        await second.SendAsync(Snapshots.Of(2, Snapshots.At(backend.Address)));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => Behind(options, names, first), first);
        await using var load = LoadGenerator.Start(new LoadPlan(proxy.Address, 200));

        // Nobody leads for a while.
        first.Leader = "";
        second.Leader = "";
        first.DropStreams();
        var asked = first.Credentials.Count + second.Credentials.Count;
        await TestProxy.UntilAsync(() => first.Credentials.Count + second.Credentials.Count >= asked + 4, "both are asked again");
        Assert.Empty(second.Hellos);
        second.Leader = null;

        await TestProxy.UntilAsync(() => second.Acks.Any(ack => ack.Version == 2), "the new leader's configuration is in force");
        var totals = await load.StopAsync();
        Assert.True(totals is { Lost: 0, Failed: 0 }, $"{totals}");
    }

    [Fact]
    public async Task Leader_ThatTheNameDoesNotStandFor_IsNotBelieved()
    {
        await using var liar = await FakeController.StartAsync(Cancellation);
        await using var stranger = await FakeController.StartAsync(Cancellation, liar.Address.Port, "127.0.0.3");
        liar.Leader = "127.0.0.3";
        var names = new TestNames();
        names.Set(Name, "127.0.0.1");
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: options => Behind(options, names, liar), controller: liar);

        await TestProxy.UntilAsync(() => liar.Credentials.Count >= 4, "the one that there is is asked again");
        Assert.Empty(stranger.Credentials);

        // The name is asked for anew in each round: a controller that came meanwhile is found.
        names.Set(Name, "127.0.0.1", "127.0.0.3");
        await TestProxy.UntilAsync(() => stranger.Hellos.Count == 1, "the controller that is new is found");
    }

    private static ProxyOptions Behind(ProxyOptions options, TestNames names, FakeController controller) =>
        options with { Controller = new Uri($"http://{Name}:{controller.Address.Port}"), ControllerNames = names, Canary = "shop/checkout" };
}
