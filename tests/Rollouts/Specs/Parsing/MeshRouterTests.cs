using System.Text.Json;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

/// <summary>Routers that are not ours: what is read of them, and what is refused with them.</summary>
public sealed class MeshRouterTests
{
    [Fact]
    public void ReadObject_Istio_HasItsParametersAndNoCircuit()
    {
        var spec = Read("""{ "type": "istio", "istio": { "virtualServices": [{ "name": "checkout", "routes": ["primary", "primary"] }], "propagation": "2s" } }""").Manifests.Single().Spec;
        Assert.Equal("istio", spec.Router);
        var named = Assert.Single(spec.Istio!.VirtualServices);
        Assert.Equal(("checkout", "primary"), (named.Name, Assert.Single(named.Routes)));
        Assert.Equal(TimeSpan.FromSeconds(2), spec.Istio.Propagation);
        Assert.Null(spec.GatewayApi);
        Assert.Null(spec.Strategy.Circuit);
    }

    [Fact]
    public void ReadObject_IstioRouteOfOurs_PassesFieldsThrough()
    {
        var spec = Read("""{ "type": "istio", "istio": { "hosts": ["*.example.org"], "gateways": ["mesh", "edge/public"], "http": { "timeout": "5s", "retries": { "attempts": 2, "retryOn": "5xx" }, "fault": null } } }""").Manifests.Single().Spec.Istio!;
        Assert.Equal(["*.example.org"], spec.Hosts);
        Assert.Equal(["mesh", "edge/public"], spec.Gateways);
        Assert.Equal("""{"retries":{"attempts":2,"retryOn":"5xx"},"timeout":"5s"}""", spec.Http);
        Assert.Empty(spec.VirtualServices);
    }

    [Fact]
    public void ReadObject_Istio_CanBeTheDefaultOfEverything() =>
        Assert.Equal(TimeSpan.FromSeconds(5), Read("""{ "type": "istio" }""").Manifests.Single().Spec.Istio!.Propagation);

    [Fact]
    public void ReadObject_Proxy_HasNoMesh()
    {
        var spec = Read("""{ "type": "proxy" }""").Manifests.Single().Spec;
        Assert.Null(spec.Istio);
        Assert.NotNull(spec.Strategy.Circuit);
    }

    [Theory]
    [InlineData("""{ "type": "istio", "headers": { "canary": {} } }""", "", "spec.router.headers")]
    [InlineData("""{ "type": "istio", "slowStart": "30s" }""", "", "spec.router.slowStart")]
    [InlineData("""{ "type": "gatewayApi", "gatewayApi": { "parentRefs": [{ "name": "public" }] }, "outliers": { "failures": 5 } }""", "", "spec.router.outliers")]
    [InlineData("""{ "type": "proxy", "istio": {} }""", "", "spec.router.istio")]
    [InlineData("""{ "istio": {} }""", "", "spec.router.istio")]
    [InlineData("""{ "type": "istio", "gatewayApi": {} }""", "", "spec.router.gatewayApi")]
    [InlineData("""{ "type": "istio", "istio": { "virtualServices": [{ "name": "a" }], "hosts": ["x.org"] } }""", "", "spec.router.istio.hosts")]
    [InlineData("""{ "type": "istio", "istio": { "virtualServices": [{ "name": "a" }, { "name": "a" }] } }""", "", "spec.router.istio")]
    [InlineData("""{ "type": "istio", "istio": { "gateways": ["a/b/c"] } }""", "", "spec.router.istio.gateways[0]")]
    [InlineData("""{ "type": "istio", "istio": { "http": { "route": [] } } }""", "", "spec.router.istio.http.route")]
    [InlineData("""{ "type": "istio", "istio": { "propagation": "1h" } }""", "", "spec.router.istio.propagation")]
    [InlineData("""{ "type": "istio" }""", """, "stickiness": { "header": "x-user" }""", "spec.strategy.stickiness.header")]
    [InlineData("""{ "type": "istio" }""", """, "stickiness": { "cookie": "who", "signed": true }""", "spec.strategy.stickiness.signed")]
    [InlineData("""{ "type": "istio" }""", """, "match": [{ "method": { "exact": "GET" } }, { "all": [{ "cookie": { "name": "a", "exact": "1" } }, { "cookie": { "name": "b", "exact": "1" } }] }]""", "spec.strategy.match[1]")]
    [InlineData("""{ "type": "istio" }""", """, "circuit": { "failures": 3 }""", "spec.strategy.circuit")]
    [InlineData("""{ "type": "istio" }""", """, "exposure": { "maxRequests": 100 }""", "spec.strategy.exposure")]
    [InlineData("""{ "type": "istio" }""", """, "mirror": { "share": "10%", "maxConcurrent": 5 }""", "spec.strategy.mirror.maxConcurrent")]
    public void ReadObject_WhatAMeshCannotDo_IsRefusedWithItsPlace(string router, string strategy, string path) =>
        Assert.Equal(path, Assert.Single(Read(router, strategy).Errors).Path);

    [Fact]
    public void ReadObject_DefaultsThatTheApiServerFills_AreNoRequest() =>
        Assert.Empty(Read("""{ "type": "istio", "slowStart": "0s" }""", """, "circuit": false, "mirror": { "share": "10%", "maxConcurrent": 64, "maxBody": "64KiB", "timeout": "10s" }""").Errors);

    [Theory]
    [InlineData("""{ "type": "istio" }""")]
    [InlineData("""{ "type": "gatewayApi", "gatewayApi": { "parentRefs": [{ "name": "public" }] } }""")]
    public void ReadObject_MeshWithoutASource_IsRefusedSinceNobodyWouldCount(string router)
    {
        var spec = JsonSerializer.Deserialize<JsonElement>($$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout" }, "router": {{router}}, "strategy": { "steps": [{ "weight": 10 }] } }""");
        var error = Assert.Single(CanaryManifestReader.ReadObject(spec, "shop", "checkout").Errors);
        Assert.Equal(("spec.analysis.source", true), (error.Path, error.Said.Contains("no proxy of MeshCanary counts requests", StringComparison.Ordinal)));
    }

    [Fact]
    public void Spec_OfAMesh_IsTheSameFromItsStoredForm()
    {
        var manifest = Read("""{ "type": "istio", "istio": { "virtualServices": [{ "name": "checkout", "routes": ["a", "b"] }], "propagation": "2s" } }""").Manifests.Single();
        var stored = JsonSerializer.Serialize(manifest, RolloutStatusJson.Options);
        var read = JsonSerializer.Deserialize<CanaryManifest>(stored, RolloutStatusJson.Options)!;
        Assert.Equal(stored, JsonSerializer.Serialize(read, RolloutStatusJson.Options));
        Assert.Equal(["a", "b"], read.Spec.Istio!.VirtualServices.Single().Routes);
    }

    [Fact]
    public void Read_StandaloneWithAMesh_IsRefusedOnce()
    {
        const string text = """
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: checkout }
            spec:
              workload: { kind: Static, name: checkout, stable: { addresses: [http://127.0.0.1:5001] } }
              service: { name: checkout }
              router: { type: istio, istio: { virtualServices: [{ name: checkout }] } }
              strategy: { steps: [{ weight: 10 }] }
            """;
        Assert.Equal("spec.router.type", Assert.Single(CanaryManifestReader.Read(text, "canary.yaml").Errors).Path);
    }

    private static ManifestReadResult Read(string router, string strategy = "") => CanaryManifestReader.ReadObject(
        JsonSerializer.Deserialize<JsonElement>($$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout" }, "router": {{router}}, "strategy": { "steps": [{ "weight": 10 }]{{strategy}} }, "analysis": { "source": { "type": "prometheus", "address": "http://prometheus:9090", "preset": "istio" } } }"""),
        "shop",
        "checkout");
}
