using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class NamingTests
{
    private const int LongestLabel = 63;

    public static TheoryData<string> Sets => ValueSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Objects_AllOfThem_HaveTheStandardLabels(string values)
    {
        var rendered = await ValueSets.RenderAsync(values);
        Assert.All(rendered.All, manifest =>
        {
            var labels = manifest.At("metadata", "labels")!.AsObject();
            Assert.Equal("meshcanary", (string?)labels["app.kubernetes.io/name"]);
            Assert.Equal("mc", (string?)labels["app.kubernetes.io/instance"]);
            Assert.Equal("Helm", (string?)labels["app.kubernetes.io/managed-by"]);
            Assert.Equal("meshcanary", (string?)labels["app.kubernetes.io/part-of"]);
            Assert.StartsWith("meshcanary-", (string?)labels["helm.sh/chart"], StringComparison.Ordinal);
            if (values == ValueSets.Everything)
                Assert.Equal("web", (string?)labels["team"]);
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Objects_NoTwo_HaveTheSameName(string values)
    {
        var rendered = await ValueSets.RenderAsync(values);
        Assert.Equal(rendered.All.Count, rendered.All.Select(manifest => manifest.Key).Distinct().Count());
    }

    // Two releases may share a name in two namespaces; their roles must not meet. Definitions and webhooks are the cluster's one and only.
    [Fact]
    public async Task Objects_WithoutANamespace_AreNamedAfterTheReleasesNamespace()
    {
        var global = (await Rendered.WithAsync()).All.Where(manifest => manifest.Namespace is null)
            .Where(manifest => manifest.Kind is not ("CustomResourceDefinition" or "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration")).ToArray();
        Assert.NotEmpty(global);
        Assert.All(global, manifest => Assert.StartsWith("mesh-mc-meshcanary", manifest.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mc", "mc-meshcanary")]
    [InlineData("meshcanary", "meshcanary")]
    [InlineData("a-very-long-release-name-that-somebody-did-choose-53c", null)]
    public async Task Names_OfAnyRelease_StayWithinALabel(string release, string? expected)
    {
        var run = await Helm.RunAsync("template", release, Repository.Chart, "--namespace", "mesh");
        Assert.True(run.Code == 0, run.Error);
        var names = Yaml.Documents(run.Out).Select(json => new Manifest(json)).Where(manifest => manifest.Namespace is not null).ToArray();
        Assert.All(names, manifest => Assert.InRange(manifest.Name.Length, 1, LongestLabel));
        if (expected is not null)
            Assert.Contains(names, manifest => manifest.Key == $"Deployment mesh/{expected}");
    }

    // The controller's pods are what its Services, budget and policy mean, and the Job's are not.
    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Selectors_MeanTheControllersPodsAlone(string values)
    {
        var rendered = await ValueSets.RenderAsync(values);
        var pods = rendered.The("Deployment", "mc-meshcanary").Pod!["metadata"]!["labels"]!.AsObject();
        var job = rendered.The("Job", "mc-meshcanary-release").Pod!["metadata"]!["labels"]!.AsObject();
        var selectors = rendered.All.Select(manifest => manifest.Kind switch
        {
            "Service" => manifest.At("spec", "selector"),
            "Deployment" or "PodDisruptionBudget" => manifest.At("spec", "selector", "matchLabels"),
            "NetworkPolicy" => manifest.At("spec", "podSelector", "matchLabels"),
            _ => null,
        }).OfType<System.Text.Json.Nodes.JsonObject>().ToArray();
        Assert.True(selectors.Length >= 3);
        Assert.All(selectors, selector =>
        {
            Assert.All(selector, pair => Assert.Equal((string?)pair.Value, (string?)pods[pair.Key]));
            Assert.Contains(selector, pair => (string?)pair.Value != (string?)job[pair.Key]);
        });
    }
}
