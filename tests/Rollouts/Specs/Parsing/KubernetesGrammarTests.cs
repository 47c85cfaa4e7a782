using System.Text.Json;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

/// <summary>A file and an object of Kubernetes obey one grammar.</summary>
public sealed class KubernetesGrammarTests
{
    private const string Good = """
        {
          "workload": { "kind": "Deployment", "name": "checkout", "hold": "always", "configSnapshots": true, "onRelease": "resume", "drainTime": "5s" },
          "service": { "name": "checkout", "ports": ["http", 8080], "allow": ["headless"] },
          "strategy": { "steps": [{ "weight": 0.05 }, { "weight": "12.5%" }, { "weight": 50 }], "circuit": false }
        }
        """;

    private const string Bad = """
        {
          "workload": { "kind": "Deployment", "name": "Checkout", "hold": "never", "stable": { "addresses": [] }, "replicas": 3 },
          "service": { "name": "checkout", "ports": [0, "Http"], "allow": ["external"] },
          "strategy": { "steps": [{ "weight": 10, "minDuration": 5 }, { "weight": 5 }], "circuit": "of" },
          "bakeTime": null,
          "onFailure": "stop"
        }
        """;

    [Fact]
    public void ReadObject_Spec_IsReadWithItsKubernetesFields()
    {
        var spec = ReadObject(Good).Manifests.Single().Spec;
        Assert.Equal(new DeploymentSpec { Hold = HoldMode.Always, ConfigSnapshots = true, OnRelease = ReleaseAction.Resume }, spec.Workload.Deployment);
        Assert.Equal(TimeSpan.FromSeconds(5), spec.Workload.Drain);
        Assert.Null(spec.Workload.Stable);
        Assert.Equal(["http", "8080"], spec.Service.Ports!.Value);
        Assert.Equal(["headless"], spec.Service.Allow!.Value);
        Assert.Equal([5, 1250, 5000], spec.Strategy.Steps.Select(step => step.Weight!.Value.Value));
        // What YAML as kubectl reads it makes of 'off'.
        Assert.Null(spec.Strategy.Circuit);
    }

    // JSON is YAML: the same text by both ways.
    [Theory]
    [InlineData(Good)]
    [InlineData(Bad)]
    public void Read_FileAndObject_GiveTheSame(string spec)
    {
        var text = $$"""{ "apiVersion": "meshcanary.io/v1alpha1", "kind": "Canary", "metadata": { "name": "checkout", "namespace": "shop" }, "spec": {{spec.Replace("false", "off", StringComparison.Ordinal)}} }""";
        var file = CanaryManifestReader.Read(text, "canary.yaml", Platform.Kubernetes);
        var read = ReadObject(spec);
        Assert.Equal(file.Errors.Select(error => error.Said), read.Errors.Select(error => error.Said));
        Assert.Equal(JsonSerializer.Serialize(file.Manifests, RolloutStatusJson.Options), JsonSerializer.Serialize(read.Manifests, RolloutStatusJson.Options));
    }

    [Fact]
    public void ReadObject_Faults_AreTold() => Assert.Equal(
        [
            "spec.workload.name: 'Checkout' is not allowed: it has to be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit, at most 253. Write for example checkout.",
            "spec.workload.hold: 'never' is not one of webhook, always, repair. Write webhook or always or repair.",
            "spec.workload.stable: belongs to kind Static: the stable version is what the Deployment runs when it is adopted. Remove it.",
            "spec.workload.replicas: unknown field 'replicas'. Remove it; known here: configSnapshots, drainTime, healthCheck, healthPath, hold, kind, name, onRelease.",
            "spec.service.ports[0]: '0' is neither the name of a port nor a number from 1 to 65535. Write it as the Service has it, such as http or 8080.",
            "spec.service.ports[1]: 'Http' is neither the name of a port nor a number from 1 to 65535. Write it as the Service has it, such as http or 8080.",
            "spec.service.allow[0]: 'external' is not one of headless, clientIP. Write headless or clientIP.",
            "spec.strategy.steps[0].minDuration: '5' has no unit. Write 5s if seconds are meant.",
            "spec.strategy.steps[1].weight: 5% does not rise above the step before it, 10%. Put the steps in order; every weight has to be higher than the last.",
            "spec.strategy.circuit: expected a mapping, found 'of'. Write circuit: { failures: 10, failurePercent: 50% }, on or off.",
            "spec.onFailure: 'stop' is not one of rollback, hold. Write rollback or hold.",
        ],
        ReadObject(Bad).Errors.Select(error => error.Said));

    [Fact]
    public void Read_DeploymentStandalone_IsRefusedAsBefore()
    {
        const string text = "{ apiVersion: meshcanary.io/v1alpha1, kind: Canary, metadata: { name: a }, spec: { workload: { kind: Deployment, name: a }, service: { name: a, ports: [80] }, strategy: { steps: [{ weight: 5 }], circuit: true } } }";
        Assert.Equal(
            [
                "spec.workload.stable: is missing. Write stable: { revision: v1, addresses: [http://127.0.0.1:5001] }.",
                "spec.workload.kind: the workload kind 'Deployment' is not supported by this version, which has: Static. Write kind: Static and give the addresses of the running version.",
                "spec.service.ports: unknown field 'ports'. Did you mean 'hosts'?",
                "spec.strategy.circuit: expected a mapping, found 'true'. Write circuit: { failures: 10, failurePercent: 50% }, on or off.",
            ],
            CanaryManifestReader.Read(text, "canary.yaml").Errors.Select(error => error.Said));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    public void ReadObject_NoMapping_IsToldOnce(string spec) => Assert.StartsWith("spec: ", Assert.Single(ReadObject(spec).Errors).Said, StringComparison.Ordinal);

    private static ManifestReadResult ReadObject(string spec)
    {
        using var document = JsonDocument.Parse(spec);
        return CanaryManifestReader.ReadObject(document.RootElement, "shop", "checkout");
    }
}
