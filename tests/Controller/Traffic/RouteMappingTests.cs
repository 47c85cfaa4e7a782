using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Traffic;

/// <summary>What a manifest asks for arrives at the proxies.</summary>
public sealed class RouteMappingTests : IDisposable
{
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
    public async Task Manifest_ThatAsksForEverything_ReachesTheProxies()
    {
        await using var controller = await TestController.StartAsync(_folder.Path, _time, Everything());
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
        var route = proxy.Newest!.Routes[0];
        Assert.Equal((null, null, null, 0), (route.Canary, route.Mirror, route.Budget, route.CanaryRules.Count));
        await controller.AnnounceAsync("v2", _v2.Address);
        await Eventually.Holds(() => proxy.Newest!.Routes[0].CanaryWeight == 1000, "The weight does not arrive");

        route = proxy.Newest.Routes[0];
        Assert.Equal(new Wire.HeaderChanges { Remove = { "server" } }, route.Stable.ResponseHeaders);
        Assert.Null(route.Stable.RequestHeaders);
        Assert.Equal(
            new Wire.HeaderChanges { Set = { new Wire.Header { Name = "x-arm", Value = "canary" } }, Add = { new Wire.Header { Name = "x-seen", Value = "mesh" } } },
            route.Canary.RequestHeaders);
        Assert.Equal((500u, 50u), (route.Stable.MaxConcurrentRequests, route.Canary.MaxConcurrentRequests));
        Assert.Equal(30_000u, route.Canary.SlowStartMs);
        Assert.Equal(new Wire.OutlierEjection { Unreachable = 3, Failures = 5, PauseMs = 2000, MaxEjectedPercent = 30 }, route.Canary.Outliers);
        Assert.Equal(Wire.UpstreamProtocol.Http1, route.Canary.Protocol);
        Assert.Equal(new Wire.UpstreamTls { AuthorityFile = "/etc/mc/ca.pem" }, route.Canary.Tls);
        Assert.Equal(new Wire.HealthCheck { Grpc = new Wire.GrpcProbe { Service = "a.B" }, IntervalMs = 500 }, route.Canary.HealthCheck);
        Assert.Equal(new Wire.Mirror { Share = 1250, MaxConcurrent = 64, MaxBodyBytes = 1 << 20, TimeoutMs = 10_000 }, route.Mirror);
        Assert.Equal(new Wire.Circuit { Failures = 20, FailurePercent = 50, WindowMs = 1000, PauseMs = 10_000 }, route.Circuit);
        Assert.Equal((0UL, 0UL), (route.Budget.Requests, route.Budget.Failures));
        Assert.Equal(
            [(Wire.Condition.Types.Part.Method, Wire.Condition.Types.Operator.Exact, "PUT"), (Wire.Condition.Types.Part.Path, Wire.Condition.Types.Operator.Regex, "/v[0-9]+/.*")],
            route.CanaryRules.Select(rule => (rule.Conditions[0].Part, rule.Conditions[0].Operator, rule.Conditions[0].Value)));
        Assert.Equal(("mc-user", 3600u), (route.Stickiness.Cookie, route.Stickiness.CookieSeconds));
        Assert.Equal(32, Assert.Single(route.Stickiness.SigningKeys).Secret.Length);
    }

    [Fact]
    public async Task CookieKeys_AcrossARestart_StayAndTurnAfterAPeriod()
    {
        await using var proxy = new FakeProxy("edge");
        List<Wire.SigningKey> before;
        await using (var controller = await TestController.StartAsync(_folder.Path, _time, Everything()))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
            before = [.. proxy.Newest!.Routes[0].Stickiness.SigningKeys];
        }

        proxy.Snapshots.Clear();
        await using (var controller = await TestController.StartAsync(_folder.Path, _time, Everything()))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
            Assert.Equal(before, proxy.Newest.Routes[0].Stickiness.SigningKeys);
        }

        _time.Advance(MeshCanary.Controller.Exposing.CookieKeyRing.Period);
        await using (var controller = await TestController.StartAsync(_folder.Path, _time, Everything()))
        {
            await proxy.ConnectAsync(controller.Server.Control);
            await Eventually.Holds(() => proxy.Newest.Routes[0].Stickiness.SigningKeys.Count == 2, "No key is introduced");
            Assert.Equal(before[0], proxy.Newest.Routes[0].Stickiness.SigningKeys[0]);
            _time.Advance(MeshCanary.Controller.Exposing.CookieKeyRing.Introduction);
            await proxy.ConnectAsync(controller.Server.Control);
            await Eventually.Holds(() => proxy.Newest.Routes[0].Stickiness.SigningKeys[0].Id == "k2", "The new key does not sign");
            Assert.Equal(before[0], proxy.Newest.Routes[0].Stickiness.SigningKeys[1]);
        }
    }

    private CanaryManifest Everything()
    {
        var read = CanaryManifestReader.Read(
            $$"""
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: checkout, namespace: shop }
            spec:
              workload:
                kind: Static
                name: checkout
                stable: { revision: v1, addresses: ["{{_v1.Address}}"] }
                healthCheck: { grpc: { service: a.B }, interval: 500ms }
              service: { name: checkout }
              router:
                type: proxy
                headers:
                  stable: { response: { remove: [server] } }
                  canary: { request: { set: { x-arm: canary }, add: { x-seen: mesh } } }
                maxConcurrent: { stable: 500, canary: 50 }
                slowStart: 30s
                outliers: { failures: 5, maxEjected: 30% }
                # With trust of its own the controller looks at connections alone, which is all that these backends have.
                upstream: { protocol: http1, tls: { authorityFile: /etc/mc/ca.pem } }
              strategy:
                steps: [{ weight: 10 }]
                stickiness: { cookie: mc-user, signed: true, lifetime: 1h }
                match: [{ method: { exact: PUT } }, { path: { regex: "/v[0-9]+/.*" } }]
                mirror: { share: 12.5%, maxBody: 1MiB }
                exposure: { maxRequests: 1000, maxFailures: 10 }
                circuit: { failures: 20 }
            """,
            "canary.yaml");
        Assert.Empty(read.Errors);
        return read.Manifests[0];
    }
}
