using System.Collections.Immutable;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Traffic.InCluster;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Tests.Traffic.InCluster;

public sealed class ProxyObjectsTests
{
    private static readonly ProxyOwner Owner = new("shop", "checkout", "uid-1");
    private static readonly ResourceType Budgets = new("policy", "v1beta1", "poddisruptionbudgets", "PodDisruptionBudget");

    private static readonly ProxySettings Settings = new() { Image = "proxy:1", Controller = new Uri("https://meshcanary-controller.mesh.svc:7071") };

    private const string Pod =
        """
        containers:
        - name: app
          ports: [{ name: web, containerPort: 8080 }, { name: debug, containerPort: 9999, protocol: UDP }]
        - name: side
          ports: [{ name: admin, containerPort: 81 }]
        """;

    [Theory]
    [InlineData("{ port: 80 }", "80:")]
    [InlineData("{ port: 80, targetPort: 8080 }", "8080:")]
    [InlineData("{ port: 80, targetPort: web }", "8080:web")]
    [InlineData("{ port: 80, targetPort: web, appProtocol: grpc }", "8080:web")]
    [InlineData("{ name: a, port: 80, targetPort: web }, { name: b, port: 81, targetPort: admin }", "81:admin 8080:web")]
    [InlineData("{ name: a, port: 80, targetPort: web }, { name: b, port: 81, targetPort: 8080 }", "8080: 8080:web")]
    public void Ports_OfAService_AreThoseOfItsPods(string ports, string expected)
    {
        var found = Find(ports);
        Assert.Null(found.Problem);
        Assert.Equal(expected, string.Join(' ', found.Ports.Select(port => $"{port.Number}:{port.Name}")));
    }

    [Theory]
    [InlineData("{ port: 80, targetPort: nowhere }", "'nowhere', which no container has")]
    [InlineData("{ port: 80, targetPort: debug }", "'debug', which no container has")]
    [InlineData("{ port: 53, protocol: UDP }", "is UDP, which the proxy does not speak")]
    [InlineData("{ port: 6379, appProtocol: redis }", "is redis by its appProtocol")]
    [InlineData("", "has no ports")]
    public void Ports_ThatNoProxyCanServe_AreRefusedWithTheReason(string ports, string reason) =>
        Assert.Contains(reason, Find(ports).Problem, StringComparison.Ordinal);

    [Fact]
    public void Ports_SomeAreSplit_TheOthersAreServedAllTheSame()
    {
        const string Two = "{ name: a, port: 80, targetPort: web }, { name: b, port: 81, targetPort: admin }";
        Assert.Equal([(81, false), (8080, true)], Find(Two, "a").Ports.Select(port => (port.Number, port.IsSplit)));
        Assert.Equal([(81, true), (8080, false)], Find(Two, "81").Ports.Select(port => (port.Number, port.IsSplit)));
        Assert.Contains("has none of the ports c", Find(Two, "c").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_OfTwoPorts_AreThoseOfEachArmOnThatPort()
    {
        var ports = Find("{ name: a, port: 80, targetPort: web }, { name: b, port: 81, targetPort: admin }", "a");
        var plan = new TrafficPlan { Stable = new Revision { Name = "v1", Addresses = [] }, Canary = new Revision { Name = "v2", Addresses = [] } };
        // The new version has its port under another number.
        var slices = new Dictionary<string, string>
        {
            ["v1"] = "addressType: IPv4\nports: [{ name: a, port: 8080 }, { name: b, port: 81 }]\nendpoints: [{ addresses: [10.0.0.1] }, { addresses: [10.0.0.9], conditions: { ready: false } }]",
            ["v2"] = "addressType: IPv4\nports: [{ name: a, port: 9090 }, { name: b, port: 81 }]\nendpoints: [{ addresses: [10.0.0.2] }]",
        };

        var found = PortAddresses.Of(ports, plan, revision => [KubernetesYaml.Deserialize<V1EndpointSlice>(slices[revision])]);

        Assert.Equal(
            [(81, false, "http://10.0.0.1:81", "http://10.0.0.2:81"), (8080, true, "http://10.0.0.1:8080", "http://10.0.0.2:9090")],
            found.Select(port => (port.Port, port.IsSplit, port.Stable.Single(), port.Canary.Single())));
        Assert.Empty(PortAddresses.Of(Find("{ port: 80, targetPort: web }"), plan, _ => []));
    }

    [Fact]
    public void Objects_OfACanary_BelongToItAndFollowOneAnother()
    {
        var objects = Build("{ port: 80, targetPort: web }");

        Assert.Equal(["ServiceAccount", "ConfigMap", "PodDisruptionBudget", "Deployment"], objects.Select(one => one.Type.Kind));
        Assert.All(objects, one => Assert.Equal("shop/checkout-meshcanary-proxy", one.Key.ToString()));
        Assert.All(objects, one => Assert.Equal("uid-1", one.Intent["metadata"]!["ownerReferences"]![0]!["uid"]!.GetValue<string>()));
        Assert.Equal("policy/v1beta1", objects[2].Type.ApiVersion);
        Assert.DoesNotContain(ProxyObjects.Of(Owner, Find("{ port: 80 }"), Settings, "", null, false), one => one.Type.Kind == "PodDisruptionBudget");
    }

    [Fact]
    public void Pods_OfProxies_ListenOnEveryPortAndMayDoNothingElse()
    {
        var template = Template("{ name: a, port: 80, targetPort: web }, { name: b, port: 81, targetPort: admin }, { name: c, port: 15081 }");
        var pod = template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.Equal(["meshcanary.io/proxy"], template.Metadata.Labels.Keys);
        Assert.Equal([("admin", 81), ("web", 8080), (null, 15081), ("mc-admin", 15082)], container.Ports.Select(port => ((string?)port.Name, port.ContainerPort)));
        Assert.All(container.Ports, port => Assert.Equal("TCP", port.Protocol));
        Assert.Equal(["--listen=0.0.0.0:81", "--listen=0.0.0.0:8080", "--listen=0.0.0.0:15081"], container.Args.Where(argument => argument.StartsWith("--listen", StringComparison.Ordinal)));
        Assert.Contains("--canary=shop/checkout", container.Args);
        Assert.Contains("--controller=https://meshcanary-controller.mesh.svc:7071", container.Args);
        Assert.Contains("--admin=0.0.0.0:15082", container.Args);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal("meshcanary.io", pod.Volumes.Single(volume => volume.Name == "token").Projected.Sources[0].ServiceAccountToken.Audience);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        // One of the ports is below 1024.
        Assert.Equal("net.ipv4.ip_unprivileged_port_start", Assert.Single(pod.SecurityContext.Sysctls).Name);
        Assert.Null(Template("{ port: 8080 }").Spec.SecurityContext.Sysctls);
        // Longer than all that it may still do.
        Assert.True(pod.TerminationGracePeriodSeconds > (Settings.DrainDelay + Settings.DrainTimeout).TotalSeconds);
        Assert.Equal(15082, int.Parse(container.ReadinessProbe.HttpGet.Port.Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Pods_OfAServiceOfBothFamilies_ListenOnBoth() => Assert.Contains(
        "--listen=[::]:8080",
        Deployment(ProxyObjects.Of(Owner, Find("{ port: 8080 }"), Settings, "", Budgets, version6: true)).Spec.Template.Spec.Containers[0].Args);

    private static V1PodTemplateSpec Template(string ports) => Deployment(Build(ports)).Spec.Template;

    private static V1Deployment Deployment(ImmutableArray<ProxyObject> objects) => KubernetesJson.Deserialize<V1Deployment>(objects[^1].Intent.ToJsonString());

    private static ImmutableArray<ProxyObject> Build(string ports) => ProxyObjects.Of(Owner, Find(ports), Settings, "pem", Budgets, version6: false);

    private static ProxyPorts Find(string ports, params string[] split) => ProxyPorts.Of(
        KubernetesYaml.Deserialize<V1Service>($"metadata: {{ name: checkout }}\nspec: {{ ports: [{ports}] }}"),
        KubernetesYaml.Deserialize<V1PodSpec>(Pod),
        split.Length == 0 ? null : [.. split]);
}
