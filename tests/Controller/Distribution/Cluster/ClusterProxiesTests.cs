using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using MeshCanary.Contracts;
using MeshCanary.Controller.Distribution.Cluster;
using MeshCanary.Controller.Hosting;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Controller.Traffic;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Splitting.Weights;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Distribution.Cluster;

/// <summary>Each Canary's proxies get that Canary and no other.</summary>
public sealed class ClusterProxiesTests : IAsyncDisposable
{
    private static readonly Revision V1 = new() { Name = "v1", Addresses = [] };
    private static readonly Revision V2 = new() { Name = "v2", Addresses = [] };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly TestReviewer _reviewer = new();
    private readonly TestLeadership _leadership = new();
    private readonly TestPods _pods = new();
    private readonly ConcurrentQueue<string> _changed = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly ClusterProxies _proxies;
    private WebHost? _host;

    public ClusterProxiesTests() => _proxies = new ClusterProxies(
        "controller-0", _pods, new ClusterProxyMetrics(Prometheus.Metrics.WithCustomRegistry(_registry)), _changed.Enqueue, _time, NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        _proxies.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task Proxy_OfACanary_GetsItsRouteAloneAndIsCountedForItAlone()
    {
        await StartAsync();
        Add("checkout");
        Add("cart");
        await using var checkout = await ConnectAsync("checkout", "pod-a");
        await using var cart = await ConnectAsync("cart", "pod-b");

        await Eventually.Holds(() => Acknowledged("checkout") is not null && Acknowledged("cart") is not null, "Both acknowledge");
        Assert.Equal("shop/checkout", Assert.Single(checkout.Newest!.Routes).Name);
        Assert.Equal("shop/cart", Assert.Single(cart.Newest!.Routes).Name);
        // The API server's word for its name, not its own.
        Assert.Equal("pod-a", Assert.Single(_proxies.Observe("shop/checkout").Proxies).Name);
        Assert.Equal(2, Gauge("meshcanary_controller_proxies_connected"));

        var plan = new CollectionPlan { Id = "1", Anchor = _time.GetUtcNow(), Interval = TimeSpan.FromSeconds(1), CountedThrough = _time.GetUtcNow(), Held = false };
        _proxies.Query("shop/checkout", plan);
        _proxies.Query("shop/cart", plan);
        var start = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        await checkout.ReportAsync(start, _time.GetUtcNow(), new Wire.RouteCounts { Route = "shop/checkout", Revisions = { Counts.Served("v1", 100) } });
        _time.Advance(TimeSpan.FromSeconds(4));
        await Eventually.Holds(() => _proxies.Query("shop/checkout", plan).Windows.Length > 0, "The window closes");
        Assert.Empty(_proxies.Query("shop/cart", plan).Windows);

        _proxies.Remove("shop/cart");
        await cart.EndsAsync();
        await Eventually.Holds(() => Gauge("meshcanary_controller_proxies_connected") == 1, "One is left");
        Assert.Null(checkout.Ended);
    }

    [Theory]
    [InlineData("system:serviceaccount:shop:cart-meshcanary-proxy", "shop/checkout", StatusCode.PermissionDenied, "checkout-meshcanary-proxy")]
    [InlineData("system:serviceaccount:other:checkout-meshcanary-proxy", "shop/checkout", StatusCode.PermissionDenied, "system:serviceaccount:other")]
    [InlineData("kubernetes-admin", "shop/checkout", StatusCode.PermissionDenied, "kubernetes-admin")]
    [InlineData("system:serviceaccount:shop:checkout-meshcanary-proxy", "", StatusCode.PermissionDenied, "--canary")]
    [InlineData("system:serviceaccount:shop:checkout-meshcanary-proxy", "checkout", StatusCode.PermissionDenied, "--canary")]
    [InlineData("system:serviceaccount:shop:new-meshcanary-proxy", "shop/new", StatusCode.Unavailable, "no Canary shop/new")]
    [InlineData("system:serviceaccount:shop:closed-meshcanary-proxy", "shop/closed", StatusCode.Unavailable, "no Canary shop/closed")]
    public async Task Proxy_ThatDoesNotBelong_IsRefusedWithTheReason(string user, string canary, StatusCode status, string reason)
    {
        await StartAsync();
        Add("checkout");
        _proxies.Add("shop/closed", wasAdopted: false, TimeSpan.FromSeconds(1));
        var token = _reviewer.Know(TestReviewer.Token(user, _time.GetUtcNow().AddHours(1)), user);
        await using var proxy = new FakeProxy("p") { Hello = new Wire.Hello { Canary = canary } };
        await proxy.ConnectAsync(_host!.Address, token);
        await proxy.EndsAsync();

        Assert.Equal(status, proxy.Ended!.StatusCode);
        Assert.Contains(reason, proxy.Ended.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Controller_ThatDoesNotLead_NamesTheOneThatDoes()
    {
        await StartAsync();
        Add("checkout");
        (_leadership.IsLeading, _leadership.Leader) = (false, "10.0.0.7");
        await using var proxy = await ConnectAsync("checkout", "pod-a");
        await proxy.EndsAsync();

        Assert.Equal(StatusCode.Unavailable, proxy.Ended!.StatusCode);
        Assert.Equal("10.0.0.7", proxy.Ended.Trailers.GetValue(Trailers.Leader));
        Assert.Contains("not the leader; the leader is 10.0.0.7", proxy.Ended.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, _reviewer.Asked);
    }

    [Fact]
    public async Task Acknowledgement_OfAPodThatServesAndIsNotConnected_IsWaitedFor()
    {
        await StartAsync();
        Add("checkout");
        await using var first = await ConnectAsync("checkout", "pod-a");
        await Eventually.Holds(() => Acknowledged("checkout") is not null, "The one that there is acknowledges");

        _pods.Names = ["pod-a", "pod-b"];
        var sight = _proxies.Observe("shop/checkout").Traffic;
        Assert.Null(sight.Acknowledged);
        Assert.Equal((2, 1), (sight.Proxies, sight.ProxiesAcknowledged));
        Assert.Contains("pod-b", sight.Problem, StringComparison.Ordinal);

        await using var second = await ConnectAsync("checkout", "pod-b");
        await Eventually.Holds(() => Acknowledged("checkout") is not null, "The other acknowledges too");
    }

    [Fact]
    public async Task Route_IsInForce_WhenEveryProxyThatServesHasOneWithPods()
    {
        await StartAsync();
        _proxies.Add("shop/checkout", wasAdopted: false, TimeSpan.FromSeconds(1));
        _proxies.Apply(Order("checkout", 0) with { Stable = [] });
        await using var proxy = await ConnectAsync("checkout", "pod-a");
        await Eventually.Holds(() => Acknowledged("checkout") is not null, "A route without pods is acknowledged");
        Assert.False(_proxies.IsInForce("shop/checkout"));

        _proxies.Apply(Order("checkout", 0));
        await Eventually.Holds(() => _proxies.IsInForce("shop/checkout"), "The one with pods is");
        _pods.Names = ["pod-a", "pod-b"];
        Assert.False(_proxies.IsInForce("shop/checkout"));
        Assert.False(_proxies.IsInForce("shop/cart"));
    }

    [Fact]
    public async Task NewLeader_GivesVersionsAboveWhatProxiesBringAndWaitsForThem()
    {
        await StartAsync();
        _proxies.Add("shop/checkout", wasAdopted: true, TimeSpan.FromSeconds(1));
        _proxies.Apply(Order("checkout", 0));
        // The clock of the leader before ran ahead.
        var brought = (ulong)_time.GetUtcNow().AddMinutes(3).ToUnixTimeMilliseconds();
        await using var proxy = new FakeProxy("p") { Hello = new Wire.Hello { Canary = "shop/checkout", ActiveVersion = brought } };
        await proxy.ConnectAsync(_host!.Address, Token("checkout", "pod-a"));
        await Eventually.Holds(() => proxy.Newest?.Version > brought, "A newer version comes");

        await Eventually.Holds(() => _proxies.Observe("shop/checkout").Traffic.ProxiesAcknowledged == 1, "It is acknowledged");
        Assert.Null(Acknowledged("checkout"));
        Assert.Contains("just started", _proxies.Observe("shop/checkout").Traffic.Problem, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Holds(() => Acknowledged("checkout") is not null, "Nobody else is waited for");
    }

    [Fact]
    public async Task Ports_OfAService_AreRoutesOfOneName()
    {
        await StartAsync();
        _proxies.Add("shop/checkout", wasAdopted: false, TimeSpan.FromSeconds(1));
        _proxies.Apply(Order("checkout", 2000) with
        {
            Ports =
            [
                new PortEndpoints(8080, IsSplit: true, ["http://10.0.0.1:8080"], ["http://10.0.0.2:8081"]),
                new PortEndpoints(9090, IsSplit: true, ["http://10.0.0.1:9090"], ["http://10.0.0.2:9090"]),
                new PortEndpoints(9100, IsSplit: false, ["http://10.0.0.1:9100"], ["http://10.0.0.2:9100"]),
            ],
        });
        await using var proxy = await ConnectAsync("checkout", "pod-a");
        await Eventually.Holds(() => proxy.Newest is not null, "The configuration comes");

        Assert.Equal(
            [("shop/checkout", 8080u, "http://10.0.0.1:8080", "http://10.0.0.2:8081", 2000u),
             ("shop/checkout", 9090u, "http://10.0.0.1:9090", "http://10.0.0.2:9090", 2000u),
             ("shop/checkout:9100", 9100u, "http://10.0.0.1:9100", null, 0u)],
            proxy.Newest!.Routes.Select(route => (route.Name, route.Port, route.Stable.Endpoints.Single(), route.Canary?.Endpoints.Single(), route.CanaryWeight)));
    }

    [Fact]
    public void Names_OfLongCanaries_FitAndDiffer()
    {
        var (one, other) = (new string('a', 60) + "1", new string('a', 60) + "2");
        Assert.Equal("checkout-meshcanary-proxy", ProxyNames.Of("checkout"));
        Assert.True(ProxyNames.Of(one).Length <= 63);
        Assert.NotEqual(ProxyNames.Of(one), ProxyNames.Of(other));
        Assert.Equal("system:serviceaccount:shop:checkout-meshcanary-proxy", ProxyNames.UserOf("shop/checkout"));
    }

    private static RouteOrder Order(string name, int weight) => new(
        TestController.Manifest(name, "http://10.0.0.1:8080"),
        new TrafficPlan { Stable = V1, Canary = weight > 0 ? V2 : null, CanaryWeight = new BasisPoints(weight) },
        [], null, ["http://10.0.0.1:8080"], weight > 0 ? ["http://10.0.0.2:8080"] : []);

    private async Task StartAsync()
    {
        var parts = new ControlParts(_leadership, new ReviewGate(_reviewer, _time), _proxies, _time);
        _host = await ControlHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), secure: null, parts, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    private void Add(string name)
    {
        _proxies.Add($"shop/{name}", wasAdopted: false, TimeSpan.FromSeconds(1));
        _proxies.Apply(Order(name, 0));
    }

    private async Task<FakeProxy> ConnectAsync(string canary, string pod)
    {
        var proxy = new FakeProxy("its own word") { Hello = new Wire.Hello { Canary = $"shop/{canary}" } };
        await proxy.ConnectAsync(_host!.Address, Token(canary, pod));
        return proxy;
    }

    private string Token(string canary, string pod)
    {
        var user = ProxyNames.UserOf($"shop/{canary}");
        return _reviewer.Know(TestReviewer.Token(user + pod, _time.GetUtcNow().AddHours(1)), user, pod);
    }

    private TrafficPlan? Acknowledged(string name) => _proxies.Observe($"shop/{name}").Traffic.Acknowledged;

    private double Gauge(string name) => Prometheus.Metrics.WithCustomRegistry(_registry).CreateGauge(name, "").Value;
}
