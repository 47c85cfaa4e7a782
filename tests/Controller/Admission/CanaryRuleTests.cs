using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Validating;

namespace MeshCanary.Controller.Tests.Admission;

public sealed class CanaryRuleTests
{
    private const string Good = """{"workload":{"kind":"Deployment","name":"checkout"},"service":{"name":"checkout"},"strategy":{"steps":[{"weight":5},{"weight":50}]}}""";

    [Fact]
    public async Task Canary_Good_IsLetThrough() => Assert.Null(await RefusalAsync(Canary(Good)));

    [Fact]
    public async Task Canary_WithFaults_IsRefusedWithEveryOneAndItsPath()
    {
        var refusal = await RefusalAsync(Canary("""
            {"workload":{"kind":"StatefulSet","name":"checkout","stable":{}},"service":{},
             "strategy":{"steps":[{"weight":10},{"weight":5},{"wieght":7}]},"analysis":{"interval":10}}
            """));
        Assert.Equal(
            [
                "spec.workload.kind: the workload kind 'StatefulSet' is not supported on Kubernetes by this version, which has: Deployment. Move what serves requests into a Deployment: the pods of a StatefulSet have names and disks of their own, of which a second version cannot run beside the first.",
                "spec.workload.stable: belongs to kind Static: the stable version is what the Deployment runs when it is adopted. Remove it.",
                "spec.service.name: is missing. Write name: checkout.",
                "spec.strategy.steps[1].weight: 5% does not rise above the step before it, 10%. Put the steps in order; every weight has to be higher than the last.",
                "spec.strategy.steps[2]: holds neither a weight nor an approval. Write one of them per step: { weight: 10 } or { approval: { timeout: 2h, onTimeout: abort } }.",
                "spec.strategy.steps[2].wieght: unknown field 'wieght'. Did you mean 'weight'?",
                "spec.analysis.interval: '10' has no unit. Write 10s if seconds are meant.",
            ],
            refusal!.Split('\n'));
    }

    // The API server drops what it does not know; a client-side apply leaves it in an annotation.
    [Fact]
    public async Task Canary_FieldThatTheServerDropped_IsNamed()
    {
        var canary = Canary(Good);
        var written = JsonNode.Parse(Good)!;
        written["onFailur"] = "hold";
        canary["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = new JsonObject { ["spec"] = written }.ToJsonString() };
        Assert.Equal("spec.onFailur: unknown field 'onFailur'. Did you mean 'onFailure'?", await RefusalAsync(canary));

        // An annotation of an earlier write says nothing of this one.
        var later = canary.DeepClone().AsObject();
        later["spec"]!["bakeTime"] = "5m";
        Assert.Null(await RefusalAsync(later, canary));
    }

    [Fact]
    public async Task Canary_OfAWorkloadOrServiceThatHasOne_IsRefused()
    {
        var refusal = await RefusalAsync(Canary(Good), claims: [new("checkout", "Deployment checkout", "checkout"), new("first", "Deployment checkout", "other"), new("second", "Deployment other", "checkout")]);
        Assert.Equal(
            [
                "spec.workload.name: the Deployment checkout is under the Canary first already. Name another workload, or delete that Canary first.",
                "spec.service.name: the Service checkout is under the Canary second already. Name another Service, or delete that Canary first.",
            ],
            refusal!.Split('\n'));
    }

    [Theory]
    [InlineData("Progressing", false)]
    [InlineData("Baking", false)]
    [InlineData("Stable", true)]
    [InlineData("Failed", true)]
    public async Task Workload_Changed_NotWhileARunIsInFlight(string phase, bool fine)
    {
        var before = Canary(Good);
        before["status"] = new JsonObject { ["phase"] = phase };
        var refusal = await RefusalAsync(Canary(Good.Replace("\"Deployment\",\"name\":\"checkout\"", "\"Deployment\",\"name\":\"cart\"", StringComparison.Ordinal)), before);
        Assert.Equal(fine, refusal is null);
        if (!fine)
            Assert.StartsWith($"spec.workload: cannot be changed from Deployment checkout while a run is in flight (phase {phase}).", refusal, StringComparison.Ordinal);
    }

    // An object that an earlier version has let in: its finalizer must go, and it must be possible to delete it.
    [Fact]
    public async Task Canary_WithAFaultThatIsNotNew_StaysWritable()
    {
        var before = Canary("""{"workload":{}}""");
        var now = before.DeepClone().AsObject();
        now["metadata"]!["finalizers"] = new JsonArray();
        Assert.Null(await RefusalAsync(now, before));
        var deleted = Canary("""{"workload":{"kind":1}}""");
        deleted["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        Assert.Null(await RefusalAsync(deleted, before));
    }

    [Theory]
    [InlineData("""{"provider":{"type":"prometheus","address":"http://prometheus:9090"},"query":"up"}""", null)]
    [InlineData("""{"provider":{"type":"prometeus","address":"http://user:pass@prometheus:9090"},"query":" "}""", """
        spec.provider.type: 'prometeus' is not one of prometheus, datadog, cloudWatch, newRelic, graphite, influxDb, dynatrace, web, job. Did you mean 'prometheus'?
        spec.provider.address: holds credentials, which everybody may read here. Put them into a Secret and name it in secretRef.
        spec.query: is empty. Write a query in the provider's language.
        """)]
    [InlineData("""{"provider":{"type":"web","address":"http://figures","web":{"jsonPath":"$.a[?("}},"query":"/x"}""", "spec.provider.web.jsonPath: '$.a[?(' is no JSONPath that can be followed: Path ended with open query..")]
    public async Task MetricTemplate_Faults_AreTold(string spec, string? refusal)
    {
        await using var host = await WebhookHost.StartAsync(new MetricTemplateRule());
        var response = await host.AskAsync("/metrictemplates", Request(new JsonObject { ["metadata"] = new JsonObject(), ["spec"] = JsonNode.Parse(spec) }, null));
        Assert.Equal(refusal?.ReplaceLineEndings("\n"), (string?)response["status"]?["message"]);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"request":{"uid":"x","operation":1}}""")]
    public async Task Review_ThatIsNone_IsRefusedAndTheServerLives(string body)
    {
        await using var host = await WebhookHost.StartAsync(new CanaryRule(new Claims([])));
        using var answer = await host.PostAsync("/canaries", body);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((bool)(await host.AskAsync("/canaries", Request(Canary(Good), null)))["allowed"]!);
    }

    [Fact]
    public async Task Canary_UnderControl_KeepsItsRouter()
    {
        var (before, after) = (Canary(Good), Canary(Good));
        after["spec"]!["router"] = new JsonObject { ["type"] = "istio" };
        after["spec"]!["analysis"] = new JsonObject { ["source"] = new JsonObject { ["type"] = "prometheus", ["address"] = "http://prometheus:9090", ["preset"] = "istio" } };
        // One that could not be adopted may still be mended.
        Assert.Null(await RefusalAsync(after, before));
        before["status"] = new JsonObject { ["engine"] = "x" };
        Assert.StartsWith("spec.router.type: cannot be changed from proxy to istio while the Canary is under control", await RefusalAsync(after, before), StringComparison.Ordinal);
        after["spec"]!["router"] = new JsonObject { ["type"] = "proxy" };
        Assert.Null(await RefusalAsync(after, before));
    }

    private static async Task<string?> RefusalAsync(JsonObject canary, JsonObject? before = null, CanaryClaim[]? claims = null)
    {
        await using var host = await WebhookHost.StartAsync(new CanaryRule(new Claims(claims ?? [])));
        var response = await host.AskAsync("/canaries", Request(canary, before));
        Assert.Equal((bool)response["allowed"]!, response["status"] is null);
        if (response["status"] is { } status)
            Assert.Equal(400, (int)status["code"]!);
        return (string?)response["status"]?["message"];
    }

    private static JsonObject Request(JsonObject subject, JsonObject? before) => new()
    {
        ["operation"] = before is null ? "CREATE" : "UPDATE",
        ["namespace"] = "shop",
        ["name"] = "checkout",
        ["userInfo"] = new JsonObject { ["username"] = "jane" },
        ["object"] = subject.DeepClone(),
        ["oldObject"] = before?.DeepClone(),
    };

    private static JsonObject Canary(string spec) => new()
    {
        ["apiVersion"] = "meshcanary.io/v1alpha1",
        ["kind"] = "Canary",
        ["metadata"] = new JsonObject { ["name"] = "checkout", ["namespace"] = "shop" },
        ["spec"] = JsonNode.Parse(spec),
    };

    private sealed class Claims(CanaryClaim[] claims) : ICanaryClaims
    {
        public IEnumerable<CanaryClaim> In(string @namespace) => @namespace == "shop" ? claims : [];
    }
}
