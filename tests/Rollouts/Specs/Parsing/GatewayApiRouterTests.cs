using System.Text.Json;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

/// <summary>The router <c>gatewayApi</c>: what is read of it, and what is refused with it.</summary>
public sealed class GatewayApiRouterTests
{
    private const string Routes = """{ "routes": [{ "name": "checkout" }] }""";
    private const string Grpc = """{ "routes": [{ "name": "checkout" }, { "kind": "GRPCRoute", "name": "checkout" }] }""";
    private const string Parents = """{ "parentRefs": [{ "name": "public" }] }""";

    [Fact]
    public void ReadObject_Routes_AreReadWithTheDefaults()
    {
        var spec = Read(Grpc).Manifests.Single().Spec;
        Assert.Equal("gatewayApi", spec.Router);
        Assert.Equal([new GatewayRouteSpec("HTTPRoute", "checkout"), new GatewayRouteSpec("GRPCRoute", "checkout")], spec.GatewayApi!.Routes);
        Assert.Equal((TimeSpan.FromSeconds(5), false, true), (spec.GatewayApi.Propagation, spec.GatewayApi.TakesUnreportedParents, spec.GatewayApi.HasGrpc));
        Assert.Null(spec.Strategy.Circuit);
    }

    [Fact]
    public void ReadObject_Parents_AreReadWhole()
    {
        var spec = Read("""{ "kind": "GRPCRoute", "parentRefs": [{ "kind": "Gateway", "name": "public", "namespace": "infra", "sectionName": "https", "port": 443 }, { "kind": "Service", "name": "checkout" }], "hostnames": ["*.example.org"], "unreportedParents": "take", "propagation": "1s" }""").Manifests.Single().Spec.GatewayApi!;
        Assert.Equal([new GatewayParentSpec("Gateway", "public") { Namespace = "infra", SectionName = "https", Port = 443 }, new GatewayParentSpec("Service", "checkout")], spec.ParentRefs);
        Assert.Equal(("GRPCRoute", "*.example.org", true, TimeSpan.FromSeconds(1)), (spec.Kind, Assert.Single(spec.Hostnames), spec.TakesUnreportedParents, spec.Propagation));
    }

    [Theory]
    [InlineData("{}", "", "spec.router")]
    [InlineData("""{ "routes": [] }""", "", "spec.router")]
    [InlineData("""{ "routes": [{ "name": "a" }], "parentRefs": [{ "name": "b" }] }""", "", "spec.router.gatewayApi.parentRefs")]
    [InlineData("""{ "routes": [{ "name": "a" }], "hostnames": ["x.org"] }""", "", "spec.router.gatewayApi.hostnames")]
    [InlineData("""{ "routes": [{ "name": "a" }, { "kind": "HTTPRoute", "name": "a" }] }""", "", "spec.router.gatewayApi.routes")]
    [InlineData("""{ "routes": [{ "name": "a", "namespace": "b" }] }""", "", "spec.router.gatewayApi.routes[0].namespace")]
    [InlineData("""{ "routes": [{ "name": "a", "kind": "TCPRoute" }] }""", "", "spec.router.gatewayApi.routes[0].kind")]
    [InlineData("""{ "parentRefs": [{ "name": "a", "port": 0 }] }""", "", "spec.router.gatewayApi.parentRefs[0].port")]
    [InlineData("""{ "parentRefs": [{ "name": "a" }], "hostnames": ["https://x.org"] }""", "", "spec.router.gatewayApi.hostnames[0]")]
    [InlineData("""{ "parentRefs": [{ "name": "a" }], "unreportedParents": "ignore" }""", "", "spec.router.gatewayApi.unreportedParents")]
    [InlineData("""{ "parentRefs": [{ "name": "a" }], "propagation": "1h" }""", "", "spec.router.gatewayApi.propagation")]
    [InlineData(Routes, """, "stickiness": { "cookie": "mc-user" }""", "spec.strategy.stickiness")]
    [InlineData(Routes, """, "exposure": { "maxRequests": 10 }""", "spec.strategy.exposure")]
    [InlineData(Routes, """, "mirror": { "share": "10%", "timeout": "1s" }""", "spec.strategy.mirror.timeout")]
    [InlineData(Routes, """, "match": [{ "method": { "prefix": "P" } }]""", "spec.strategy.match[0].method")]
    [InlineData(Routes, """, "match": [{ "method": { "exact": "PURGE" } }]""", "spec.strategy.match[0].method")]
    [InlineData(Routes, """, "match": [{ "path": { "exact": "/a//b" } }]""", "spec.strategy.match[0].path.exact")]
    [InlineData(Routes, """, "match": [{ "header": { "name": "x-a", "exact": "" } }]""", "spec.strategy.match[0].header.exact")]
    [InlineData(Routes, """, "match": [{ "all": [{ "header": { "name": "x-a", "exact": "1" } }, { "header": { "name": "X-A", "regex": "1|2" } }] }]""", "spec.strategy.match[0].all[1].header")]
    [InlineData(Routes, """, "match": [{ "all": [{ "cookie": { "name": "a", "exact": "1" } }, { "cookie": { "name": "b", "exact": "1" } }] }]""", "spec.strategy.match[0].all[1].cookie")]
    [InlineData(Grpc, """, "match": [{ "path": { "prefix": "/a" } }]""", "spec.strategy.match[0].path")]
    [InlineData(Grpc, """, "match": [{ "query": { "name": "a", "exact": "1" } }]""", "spec.strategy.match[0].query")]
    public void ReadObject_WhatTheGatewayApiCannotDo_IsRefusedWithItsPlace(string parameters, string strategy, string path)
    {
        var error = Assert.Single(Read(parameters, strategy).Errors);
        Assert.Equal(path, error.Path);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void ReadObject_OwnRouteForTwoPorts_IsRefused() =>
        Assert.Equal("spec.service.ports", Assert.Single(Read(Parents, service: """, "ports": ["http", "admin"]""").Errors).Path);

    [Theory]
    [InlineData(Routes, """, "stickiness": "none", "circuit": false""")]
    [InlineData(Grpc, """, "mirror": { "share": "10%" }, "match": [{ "header": { "name": "x-a", "prefix": "1" } }, { "header": { "name": "x-a", "exact": "2" } }]""")]
    [InlineData(Routes, """, "match": [{ "all": [{ "cookie": { "name": "a", "present": "true" } }, { "query": { "name": "a", "regex": "1|2" } }, { "path": { "regex": "/a//b" } }, { "method": { "exact": "PATCH" } }] }]""")]
    public void ReadObject_WhatItCanDo_IsTaken(string parameters, string strategy) => Assert.Empty(Read(parameters, strategy).Errors);

    private static ManifestReadResult Read(string parameters, string strategy = "", string service = "") => CanaryManifestReader.ReadObject(
        JsonSerializer.Deserialize<JsonElement>($$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout"{{service}} }, "router": { "type": "gatewayApi", "gatewayApi": {{parameters}} }, "analysis": { "source": { "type": "prometheus", "address": "http://prometheus:9090", "preset": "istio" } }, "strategy": { "steps": [{ "weight": 10 }]{{strategy}} } }"""),
        "shop",
        "checkout");
}
