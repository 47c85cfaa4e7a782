using System.Net;
using System.Net.Sockets;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Testing.Files;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class NameTests : IDisposable
{
    private const string Name = "shop.internal";

    private readonly TestBoard _board = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly int _port;

    public NameTests()
    {
        _port = Listen("127.0.0.1", 0);
        Listen("127.0.0.2", _port);
    }

    private string Address => $"http://{Name}:{_port}/base";

    public void Dispose()
    {
        _board.Dispose();
        _listeners.ForEach(listener => listener.Dispose());
    }

    [Fact]
    public async Task Name_Resolved_StandsForAllItsAddresses()
    {
        _board.Names.Set(Name, "127.0.0.1", "127.0.0.2");
        var set = _board.Apply(TestBoard.Arm(Address));

        await _board.UntilAsync(() => set.All.Count(endpoint => endpoint.IsReady) == 2, "both can be connected to");
        Assert.Equal([$"http://127.0.0.1:{_port}/base", $"http://127.0.0.2:{_port}/base"], set.All.Select(endpoint => endpoint.Prefix).Order());
        Assert.All(set.All, endpoint => Assert.Equal((Address, $"{Name}:{_port}"), (endpoint.Address, endpoint.Authority)));
        Assert.Single(set.All.Select(endpoint => endpoint.Counters).Distinct());
        Assert.Equal([new EndpointStatus(Address, true, "")], set.Status);
    }

    [Fact]
    public async Task Name_AddressNobodyListensOn_GetsNoRequests()
    {
        _board.Names.Set(Name, "127.0.0.1", "127.0.0.3");
        var set = _board.Apply(TestBoard.Arm(Address));

        await _board.UntilAsync(() => set.All.Any(endpoint => endpoint.Obstacle.StartsWith("it cannot be connected to", StringComparison.Ordinal)), "one is refused");
        await _board.UntilAsync(() => set.HasReady, "the other is not");
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal($"http://127.0.0.1:{_port}/base", set.Pick(null)!.Prefix));
        Assert.True(set.Status.Single().IsReady);
    }

    [Fact]
    public async Task Name_AnswersChange_NewAddressesComeAndOldOnesGo()
    {
        _board.Names.Set(Name, "127.0.0.1");
        var set = _board.Apply(TestBoard.Arm(Address));
        await _board.UntilAsync(() => set.HasReady, "the first is ready");
        var first = set.Pick(null)!;
        first.Begin();

        _board.Names.Set(Name, "127.0.0.1", "127.0.0.2");
        await _board.UntilAsync(() => set.All.Count(endpoint => endpoint.IsReady) == 2, "the second comes");
        Assert.Contains(first, set.All);

        _board.Names.Set(Name, "127.0.0.2");
        await _board.UntilAsync(() => !set.All.Contains(first), "the first goes");
        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotSame(first, set.Pick(null)));
        first.End(EndpointResult.Answered);
    }

    [Fact]
    public async Task Name_CannotBeResolvedAnyMore_KeepsWhatWasKnown()
    {
        _board.Names.Set(Name, "127.0.0.1");
        var set = _board.Apply(TestBoard.Arm(Address));
        await _board.UntilAsync(() => set.HasReady, "it is ready");

        _board.Names.Lose(Name);
        await _board.UntilAsync(() => Logged("cannot be resolved any more"), "it is told");
        Assert.True(set.HasReady);

        _board.Names.Set(Name, "127.0.0.1");
        await _board.UntilAsync(() => Logged("can be resolved again"), "and that it is over");
    }

    [Fact]
    public async Task Name_NeverResolved_IsNotReadyAndFailsAtOnce()
    {
        var set = _board.Apply(TestBoard.Arm(Address));
        await _board.UntilAsync(() => Logged("cannot be resolved"), "it is told");

        Assert.False(set.HasReady);
        Assert.Null(set.Pick(null));
        Assert.StartsWith($"its name '{Name}' cannot be resolved", set.Status.Single().Obstacle, StringComparison.Ordinal);
        var endpoint = set.PickAny(null)!;
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Prefix);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => endpoint.Client.Invoker.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.NameResolutionError, fault.HttpRequestError);

        _board.Names.Set(Name, "127.0.0.2");
        await _board.UntilAsync(() => set.HasReady, "it is ready as soon as it has an address");
    }

    [Fact]
    public async Task Name_LeavesTheConfiguration_IsNotAskedForAnyMore()
    {
        _board.Names.Set(Name, "127.0.0.1");
        var set = _board.Apply(TestBoard.Arm(Address));
        await _board.UntilAsync(() => set.HasReady, "it is ready");

        _board.Apply(TestBoard.Arm(1));
        var asked = _board.Names.Asked;
        _board.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(asked, _board.Names.Asked);
    }

    [Theory]
    [InlineData(Name, true)]
    [InlineData("127.0.0.1", false)]
    public async Task Name_OverTls_TheCertificateMustBeForTheName(string certified, bool trusted)
    {
        using var authority = new TestAuthority("authority");
        using var folder = new TempFolder();
        using var certificate = authority.Sign("server", certified);
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1AndHttp2, certificate);
        _board.Names.Set(Name, "127.0.0.1");
        var arm = TestBoard.Arm($"https://{Name}:{upstream.Port}");
        arm.Tls = new UpstreamTls { AuthorityFile = folder.Write("ca.pem", authority.Pem) };
        arm.HealthCheck = new HealthCheck { HttpPath = "/" };
        var set = _board.Apply(arm);

        await _board.UntilAsync(() => trusted ? set.HasReady : Logged("is not healthy"), "the certificate is judged");
        Assert.Equal(trusted, set.HasReady);
        if (trusted)
            Assert.Equal(Name, upstream.Names.First());
    }

    [Fact]
    public async Task SystemNames_Localhost_HasALoopbackAddress()
    {
        var addresses = await new SystemNames().ResolveAsync("localhost", TestContext.Current.CancellationToken);

        Assert.Contains(addresses, IPAddress.IsLoopback);
    }

    private int Listen(string address, int port)
    {
        var listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        _listeners.Add(listener);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool Logged(string what) => _board.Log.Lines.Any(line => line.Text.Contains(what, StringComparison.Ordinal));
}
