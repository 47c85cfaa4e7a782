using System.Text.Json.Nodes;
using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class ObjectTests
{
    [Fact]
    public async Task Chart_Linted_HasNoFault()
    {
        var run = await Helm.RunAsync("lint", "--strict", Repository.Chart);
        Assert.True(run.Code == 0, run.Out + run.Error);
    }

    // Helm would install what is in that folder once, and never upgrade it.
    [Fact]
    public void Chart_HasNoCrdsFolder() => Assert.False(Directory.Exists(Path.Combine(Repository.Chart, "crds")));

    [Fact]
    public async Task Definitions_AreWhatIsGenerated_AndStay()
    {
        var written = Directory.GetFiles(Path.Combine(Repository.Chart, "files", "crds")).Select(File.ReadAllText).SelectMany(Yaml.Documents).Select(json => new Manifest(json)).ToArray();
        var definitions = (await Rendered.WithAsync()).Of("CustomResourceDefinition");
        Assert.Equal(["canaries.meshcanary.io", "metrictemplates.meshcanary.io"], definitions.Select(definition => definition.Name).Order(StringComparer.Ordinal));
        Assert.All(definitions, definition =>
        {
            Assert.Equal("keep", (string?)definition.At("metadata", "annotations", "helm.sh/resource-policy"));
            var file = Assert.Single(written, file => file.Name == definition.Name);
            Assert.True(JsonNode.DeepEquals(file.At("spec"), definition.At("spec")), $"{definition.Name} is rendered otherwise than it is generated.");
        });
    }

    [Fact]
    public async Task Definitions_NotWanted_AreLeftToOthers()
    {
        Assert.Empty((await Rendered.WithAsync("--set", "crds.install=false")).Of("CustomResourceDefinition"));
        var definitions = (await Rendered.WithAsync("--set", "crds.keep=false")).Of("CustomResourceDefinition");
        Assert.All(definitions, definition => Assert.Null(definition.At("metadata", "annotations", "helm.sh/resource-policy")));
        Assert.Equal(2, definitions.Length);
    }

    [Fact]
    public async Task Ports_ThatAreNamed_AreThoseOfTheContainer()
    {
        var rendered = await Rendered.WithAsync("--set", "ports.api=7170,ports.control=7171,ports.admin=8181,ports.webhook=9543");
        var container = Assert.Single(rendered.The("Deployment", "mc-meshcanary").Containers);
        var ports = container["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (int)port!["containerPort"]!);
        Assert.Equal(new Dictionary<string, int> { ["control"] = 7171, ["admin"] = 8181, ["webhook"] = 9543 }, ports);
        Assert.All(rendered.Of("Service").SelectMany(service => service.At("spec", "ports")!.AsArray()), port => Assert.Contains((string)port!["targetPort"]!, ports.Keys));
        Assert.All((string[])["startupProbe", "livenessProbe", "readinessProbe"], probe => Assert.Equal("admin", (string?)container[probe]!["httpGet"]!["port"]));
        var args = container["args"]!.AsArray().Select(arg => (string)arg!).ToArray();
        Assert.Equal("controller", args[0]);
        Assert.Superset(new HashSet<string> { "--api=127.0.0.1:7170", "--control=*:7171", "--admin=*:8181", "--webhook=*:9543", "--control-address=mc-meshcanary-control.mesh.svc:7171" }, args.ToHashSet());
    }

    // Helm 4 applies on the server's side, which Kubernetes 1.20 refuses for a port without a protocol.
    [Fact]
    public async Task Ports_AllOfThem_SayTheirProtocol()
    {
        var rendered = await ValueSets.RenderAsync(ValueSets.Everything);
        var ports = rendered.Of("Service").SelectMany(service => service.At("spec", "ports")!.AsArray())
            .Concat(rendered.All.SelectMany(manifest => manifest.Containers).SelectMany(container => container["ports"]?.AsArray() ?? []));
        Assert.All(ports, port => Assert.Equal("TCP", (string?)port!["protocol"]));
    }

    [Fact]
    public async Task ControlPort_IsHeadless_AndNamesReadyControllersOnly()
    {
        var service = (await Rendered.WithAsync()).The("Service", "mc-meshcanary-control");
        Assert.Equal("None", (string?)service.At("spec", "clusterIP"));
        Assert.False((bool?)service.At("spec", "publishNotReadyAddresses"));
    }

    [Theory]
    [InlineData("1.20.2", "policy/v1beta1")]
    [InlineData("1.21.0", "policy/v1")]
    [InlineData("1.34.1", "policy/v1")]
    public async Task Budget_OfAServer_HasTheVersionThatItServes(string server, string version)
    {
        var budget = Assert.Single((await Rendered.WithAsync("--kube-version", server)).Of("PodDisruptionBudget"));
        Assert.Equal(version, (string?)budget.At("apiVersion"));
    }

    [Fact]
    public async Task Budget_OfOneReplica_IsNone() => Assert.Empty((await ValueSets.RenderAsync("single")).Of("PodDisruptionBudget"));

    [Fact]
    public async Task Monitors_OfAClusterWithoutTheKind_AreNone()
    {
        var rendered = await Rendered.WithAsync("--set", "monitoring.serviceMonitor.enabled=true,monitoring.podMonitor.enabled=true");
        Assert.DoesNotContain(rendered.All, manifest => manifest.Kind is "ServiceMonitor" or "PodMonitor");
        Assert.Single((await ValueSets.RenderAsync(ValueSets.Everything)).Of("ServiceMonitor"));
        Assert.Single((await ValueSets.RenderAsync(ValueSets.Everything)).Of("PodMonitor"));
    }

    [Theory]
    [InlineData("image.tag=2.0", "meshcanary/controller:2.0")]
    [InlineData("image.registry=r.example:5000", "r.example:5000/meshcanary/controller:0.1.0")]
    [InlineData("image.tag=2.0,image.digest=sha256:0123456789012345678901234567890123456789012345678901234567890123", "meshcanary/controller@sha256:0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Image_OfValues_IsTheSameForControllerAndRelease(string values, string image)
    {
        var rendered = await Rendered.WithAsync("--set", values);
        Assert.All(rendered.All.SelectMany(manifest => manifest.Containers), container => Assert.Equal(image, (string?)container["image"]));
    }
}
