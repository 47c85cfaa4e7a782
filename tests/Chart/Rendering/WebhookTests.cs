using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class WebhookTests
{
    private static readonly string[] Kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    // What Helm never wrote it never takes away: the controller's certificate outlives an upgrade.
    [Fact]
    public async Task Configurations_LeaveTheCertificateToTheController()
    {
        var hooks = Hooks(await Rendered.WithAsync());
        Assert.Equal(4, hooks.Length);
        Assert.All(hooks, hook => Assert.False(hook["clientConfig"]!.AsObject().ContainsKey("caBundle")));
    }

    [Fact]
    public async Task Configurations_NeverHoldUpAClusterWithoutAController()
    {
        var hooks = Hooks(await Rendered.WithAsync());
        Assert.All(hooks, hook =>
        {
            Assert.Equal("Ignore", (string?)hook["failurePolicy"]);
            Assert.Equal("None", (string?)hook["sideEffects"]);
            Assert.InRange((int)hook["timeoutSeconds"]!, 1, 5);
        });
    }

    [Fact]
    public async Task Configurations_OfDeploymentsAndServices_SeeManagedOnesOnly()
    {
        var mutating = Assert.Single((await Rendered.WithAsync()).Of(Kinds[0])).At("webhooks")!.AsArray();
        Assert.Equal(["deployments", "services"], mutating.Select(hook => (string)hook!["rules"]![0]!["resources"]![0]!));
        Assert.All(mutating, hook =>
        {
            Assert.Equal("true", (string?)hook!["objectSelector"]!["matchLabels"]!["meshcanary.io/managed"]);
            Assert.Equal("UPDATE", (string?)Assert.Single(hook["rules"]![0]!["operations"]!.AsArray()));
        });
    }

    [Fact]
    public async Task Configurations_AskTheWebhooksOwnPort()
    {
        var rendered = await Rendered.WithAsync();
        Assert.All(Hooks(rendered), hook =>
        {
            var service = hook["clientConfig"]!["service"]!;
            var port = Assert.Single(rendered.The("Service", (string)service["name"]!).At("spec", "ports")!.AsArray())!;
            Assert.Equal(((int)service["port"]!, "mesh", "webhook"), ((int)port["port"]!, (string?)service["namespace"], (string?)port["targetPort"]));
            Assert.StartsWith("/", (string)service["path"]!, StringComparison.Ordinal);
        });
        Assert.Equal(4, Hooks(rendered).Select(hook => (string)hook["clientConfig"]!["service"]!["path"]!).Distinct().Count());
    }

    [Theory]
    [InlineData("1.34.1", "", "NotIn", "kube-system")]
    [InlineData("1.34.1", "namespaces={shop,cart}", "In", "cart,shop")]
    [InlineData("1.34.1", "webhooks.excludedNamespaces=null", null, null)]
    [InlineData("1.20.2", "namespaces={shop,cart}", null, null)]
    public async Task Configurations_OfANamespace_AreSelectedWhereNamespacesHaveTheirNamesAsLabel(string server, string values, string? @operator, string? names)
    {
        var rendered = await Rendered.WithAsync("--kube-version", server, "--set", values);
        Assert.All(Hooks(rendered), hook =>
        {
            var expression = hook["namespaceSelector"]?["matchExpressions"]?[0];
            Assert.Equal(@operator, (string?)expression?["operator"]);
            Assert.Equal(names, expression is null ? null : string.Join(',', expression["values"]!.AsArray().Select(name => (string)name!)));
        });
    }

    [Fact]
    public async Task Configurations_NotWanted_LeaveNoTrace()
    {
        var rendered = await ValueSets.RenderAsync("without webhooks");
        Assert.DoesNotContain(rendered.All, manifest => Kinds.Contains(manifest.Kind) || manifest.Name.EndsWith("-webhook", StringComparison.Ordinal));
        Assert.DoesNotContain(rendered.All.Where(manifest => manifest.Kind == "ClusterRole"), role => role.Json.ToJsonString().Contains("admissionregistration", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Assert.Single(rendered.The("Deployment", "mc-meshcanary").Containers)["args"]!.AsArray(),
            arg => ((string)arg!).StartsWith("--webhook", StringComparison.Ordinal));
    }

    private static System.Text.Json.Nodes.JsonNode[] Hooks(Rendered rendered) =>
        [.. Kinds.SelectMany(kind => Assert.Single(rendered.Of(kind)).At("webhooks")!.AsArray()).OfType<System.Text.Json.Nodes.JsonNode>()];
}
