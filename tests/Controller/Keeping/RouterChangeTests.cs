using System.Text.Json;
using MeshCanary.Controller.Keeping;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Tests.Keeping;

/// <summary>The router of a Canary under control.</summary>
public sealed class RouterChangeTests
{
    [Fact]
    public void Fault_AnotherRouter_IsToldWithWhatToDo()
    {
        var (ours, istio) = (Read("""{ "type": "proxy" }"""), Read("""{ "type": "istio" }"""));
        Assert.Null(RouterChange.Fault(istio, Read("""{ "type": "istio", "istio": { "propagation": "1s" } }""")));
        Assert.Equal(
            "spec.router.type: cannot be changed from proxy to istio while the Canary is under control, since the Service and its routes are the way of proxy now. Write proxy again; or delete the Canary, which gives everything back, and make it anew with istio.",
            RouterChange.Fault(ours, istio)!.Said);
    }

    private static CanaryManifest Read(string router)
    {
        var spec = $$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout" }, "router": {{router}}, "analysis": { "source": { "type": "prometheus", "address": "http://prometheus:9090", "preset": "istio" } }, "strategy": { "steps": [{ "weight": 5 }] } }""";
        return CanaryManifestReader.ReadObject(JsonSerializer.Deserialize<JsonElement>(spec), "shop", "checkout").Manifests.Single();
    }
}
