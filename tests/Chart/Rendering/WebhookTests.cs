using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class WebhookTests
{
    private static readonly string[] Kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    // What Helm never wrote it never takes away: webhooks and certificate are the controller's, and outlive an upgrade.
    [Fact]
    public async Task Configurations_AreEmpty()
    {
        var configurations = (await Rendered.WithAsync()).All.Where(manifest => Kinds.Contains(manifest.Kind)).ToArray();
        Assert.Equal(Kinds, configurations.Select(configuration => configuration.Kind));
        Assert.All(configurations, configuration => Assert.Equal(["apiVersion", "kind", "metadata"], configuration.Json.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Configurations_AreThoseThatTheControllerMayWrite()
    {
        var rendered = await Rendered.WithAsync();
        var rule = Assert.Single(rendered.The("ClusterRole", "mesh-mc-meshcanary").At("rules")!.AsArray(), rule => (string)rule!["apiGroups"]![0]! == "admissionregistration.k8s.io")!;
        Assert.Equal("meshcanary", (string?)Assert.Single(rule["resourceNames"]!.AsArray()));
        Assert.All(Kinds, kind => rendered.The(kind, "meshcanary"));
        Assert.DoesNotContain(rule["verbs"]!.AsArray(), verb => (string)verb! is "create" or "delete");
    }

    [Fact]
    public async Task Webhooks_AreServedBehindThePortThatTheControllerIsToldOf()
    {
        var rendered = await Rendered.WithAsync();
        var port = Assert.Single(rendered.The("Service", "mc-meshcanary-webhook").At("spec", "ports")!.AsArray())!;
        Assert.Equal((443, "webhook"), ((int)port["port"]!, (string?)port["targetPort"]));
        var args = Assert.Single(rendered.The("Deployment", "mc-meshcanary").Containers)["args"]!.AsArray().Select(arg => (string)arg!).ToArray();
        Assert.Contains("--webhook-service=mc-meshcanary-webhook", args);
        Assert.Contains("--webhook=*:9443", args);
    }

    [Fact]
    public async Task Webhooks_NotWanted_LeaveNoTrace()
    {
        var rendered = await ValueSets.RenderAsync("without webhooks");
        Assert.DoesNotContain(rendered.All, manifest => Kinds.Contains(manifest.Kind) || manifest.Name.EndsWith("-webhook", StringComparison.Ordinal));
        Assert.DoesNotContain(rendered.All.Where(manifest => manifest.Kind == "ClusterRole"), role => role.Json.ToJsonString().Contains("admissionregistration", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Assert.Single(rendered.The("Deployment", "mc-meshcanary").Containers)["args"]!.AsArray(),
            arg => ((string)arg!).StartsWith("--webhook", StringComparison.Ordinal));
    }
}
