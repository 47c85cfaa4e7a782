using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class SecurityTests
{
    public static TheoryData<string> Sets => ValueSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Pods_OfEveryKind_MayDoNothingThatTheyNeedNot(string values)
    {
        var withPods = (await ValueSets.RenderAsync(values)).All.Where(manifest => manifest.Pod is not null).ToArray();
        Assert.Equal(["Deployment", "Job"], withPods.Select(manifest => manifest.Kind).Order(StringComparer.Ordinal));
        Assert.All(withPods, manifest =>
        {
            var pod = manifest.Pod!["spec"]!;
            Assert.True((bool?)pod["securityContext"]?["runAsNonRoot"]);
            Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]?["seccompProfile"]?["type"]);
            Assert.False((bool?)pod["enableServiceLinks"] ?? true);
            Assert.Null(pod["hostNetwork"]);
            Assert.NotEmpty(manifest.Containers);
        });
        Assert.All(withPods.SelectMany(manifest => manifest.Containers), container =>
        {
            var security = container["securityContext"]!;
            Assert.False((bool?)security["allowPrivilegeEscalation"] ?? true);
            Assert.True((bool?)security["readOnlyRootFilesystem"]);
            Assert.Equal("ALL", (string?)Assert.Single(security["capabilities"]!["drop"]!.AsArray()));
            Assert.NotNull(container["resources"]?["limits"]?["memory"]);
            Assert.Contains(container["volumeMounts"]!.AsArray(), mount => (string?)mount!["mountPath"] == "/tmp");
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Accounts_AreMountedOnlyWhereTheyAreUsed(string values)
    {
        var rendered = await ValueSets.RenderAsync(values);
        Assert.All(rendered.Of("ServiceAccount"), account => Assert.False((bool?)account.At("automountServiceAccountToken") ?? true));
        Assert.All(rendered.All.Where(manifest => manifest.Pod is not null), manifest => Assert.True((bool?)manifest.Pod!["spec"]!["automountServiceAccountToken"]));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Roles_NeverHoldAWildcard_AndNobodyWritesRoles(string values)
    {
        var rules = (await ValueSets.RenderAsync(values)).All.Where(manifest => manifest.Kind is "Role" or "ClusterRole")
            .SelectMany(role => role.At("rules")!.AsArray()).ToArray();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            Assert.All((string[])["apiGroups", "resources", "verbs"], field => Assert.DoesNotContain("*", rule![field]!.AsArray().Select(item => (string)item!)));
            Assert.DoesNotContain("rbac.authorization.k8s.io", rule!["apiGroups"]!.AsArray().Select(item => (string)item!));
            Assert.DoesNotContain(rule["verbs"]!.AsArray().Select(item => (string)item!), verb => verb is "impersonate" or "bind" or "escalate");
        });
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("old server")]
    [InlineData(ValueSets.Confined)]
    public async Task Secrets_AreWrittenInTheOwnNamespaceOnly(string values)
    {
        var writing = (await ValueSets.RenderAsync(values)).All.Where(manifest => manifest.Kind is "Role" or "ClusterRole")
            .Where(role => role.At("rules")!.AsArray().Any(rule =>
                rule!["resources"]!.AsArray().Any(resource => (string)resource! == "secrets")
                && rule["verbs"]!.AsArray().Any(verb => (string)verb! is not ("get" or "list" or "watch"))));
        Assert.Equal("Role mesh/mc-meshcanary", Assert.Single(writing).Key);
    }

    [Fact]
    public async Task Secrets_NotWanted_AreNotRead()
    {
        var rendered = await Rendered.WithAsync("--set", "rbac.secrets=false");
        var reading = rendered.All.Where(manifest => manifest.Kind is "Role" or "ClusterRole" && manifest.Namespace != "mesh")
            .Where(role => role.At("rules")!.AsArray().Any(rule => rule!["resources"]!.AsArray().Any(resource => (string)resource! == "secrets")));
        Assert.Empty(reading);
    }
}
