using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class ConfinementTests
{
    // What has no namespace cannot be confined to one; users' own roles grant nothing to us.
    private static readonly string[] WithoutNamespace =
        ["tokenreviews", "mutatingwebhookconfigurations", "validatingwebhookconfigurations"];

    [Fact]
    public async Task Rules_OfAConfinedController_AreRolesOfItsNamespaces()
    {
        var rendered = await ValueSets.RenderAsync(ValueSets.Confined);
        var canaries = rendered.Of("Role").Where(role => role.Name.EndsWith("-canaries", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["cart", "shop"], canaries.Select(role => role.Namespace).Order(StringComparer.Ordinal));
        Assert.Equal(canaries[0].At("rules")!.ToJsonString(), canaries[1].At("rules")!.ToJsonString());

        var bound = rendered.Of("ClusterRoleBinding").Select(binding => (string)binding.At("roleRef", "name")!).ToHashSet(StringComparer.Ordinal);
        var global = rendered.Of("ClusterRole").Where(role => bound.Contains(role.Name)).SelectMany(role => role.At("rules")!.AsArray());
        Assert.All(global.SelectMany(rule => rule!["resources"]!.AsArray()), resource => Assert.Contains((string)resource!, WithoutNamespace));
    }

    [Fact]
    public async Task Rules_OfBothWays_AreTheSame()
    {
        var confined = (await ValueSets.RenderAsync(ValueSets.Confined)).Of("Role").First(role => role.Name.EndsWith("-canaries", StringComparison.Ordinal));
        var everywhere = (await Rendered.WithAsync()).The("ClusterRole", "mesh-mc-meshcanary-canaries");
        Assert.Equal(everywhere.At("rules")!.ToJsonString(), confined.At("rules")!.ToJsonString());
    }

    [Fact]
    public async Task Controller_IsToldItsNamespaces()
    {
        var rendered = await ValueSets.RenderAsync(ValueSets.Confined);
        foreach (var (kind, name) in (ValueTuple<string, string>[])[("Deployment", "mc-meshcanary"), ("Job", "mc-meshcanary-release")])
        {
            var args = Assert.Single(rendered.The(kind, name).Containers)["args"]!.AsArray().Select(arg => (string)arg!);
            Assert.Equal(["--namespace=cart", "--namespace=shop"], args.Where(arg => arg.StartsWith("--namespace=", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData(ValueSets.Confined)]
    public async Task Bindings_NameARoleAndAnAccountThatAreThere(string values)
    {
        var rendered = await ValueSets.RenderAsync(values);
        var bindings = rendered.All.Where(manifest => manifest.Kind is "RoleBinding" or "ClusterRoleBinding").ToArray();
        Assert.NotEmpty(bindings);
        Assert.All(bindings, binding =>
        {
            Assert.Contains(rendered.Of((string)binding.At("roleRef", "kind")!), role => role.Name == (string?)binding.At("roleRef", "name") && role.Namespace == binding.Namespace);
            var subject = Assert.Single(binding.At("subjects")!.AsArray())!;
            Assert.Equal("mesh", rendered.The("ServiceAccount", (string)subject["name"]!).Namespace);
        });
    }
}
