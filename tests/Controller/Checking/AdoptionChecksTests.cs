using System.Collections.Immutable;
using System.Text.Json;
using k8s.Models;
using MeshCanary.Controller.Annotating;
using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Tests.Checking;

public sealed class AdoptionChecksTests
{
    private readonly V1Deployment _deployment = new()
    {
        Metadata = new V1ObjectMeta { Name = "web", Generation = 3, Annotations = new Dictionary<string, string>() },
        Spec = new V1DeploymentSpec { Replicas = 2, Template = Template("http", 8080) },
        Status = new V1DeploymentStatus { ObservedGeneration = 3, Replicas = 2, UpdatedReplicas = 2, AvailableReplicas = 2 },
    };

    private readonly V1Service _service = new()
    {
        Metadata = new V1ObjectMeta { Name = "checkout", Annotations = new Dictionary<string, string>() },
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            ClusterIP = "10.0.0.7",
            SessionAffinity = "None",
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP", TargetPort = "http" }, new V1ServicePort { Name = "admin", Port = 81, Protocol = "TCP", TargetPort = 9000 }],
        },
    };

    [Fact]
    public void Run_OrdinaryService_FindsNothing() => Assert.Empty(Run());

    [Fact]
    public void Run_NothingThere_SaysBoth() =>
        Assert.Equal(["DeploymentMissing", "ServiceMissing"], AdoptionChecks.Run(new AdoptionSight { Spec = Sight().Spec }).Select(problem => problem.Code));

    public static TheoryData<string, Action<AdoptionChecksTests>> Faults() => new()
    {
        { "StrategyRecreate", test => test._deployment.Spec.Strategy = new V1DeploymentStrategy { Type = "Recreate" } },
        { "PausedByOthers", test => test._deployment.Spec.Paused = true },
        { "PausedInManifest", test => test._deployment.Metadata.Annotations["kubectl.kubernetes.io/last-applied-configuration"] = """{"spec":{"paused":false}}""" },
        { "RollNotComplete", test => test._deployment.Status.ObservedGeneration = 2 },
        { "RollNotComplete", test => test._deployment.Status.UpdatedReplicas = 1 },
        { "RollNotComplete", test => test._deployment.Status.Replicas = 3 },
        { "RollNotComplete", test => test._deployment.Status.AvailableReplicas = 1 },
        { "ServiceExternalName", test => test._service.Spec.Type = "ExternalName" },
        { "ServiceHeadless", test => test._service.Spec.ClusterIP = "None" },
        { "ServiceSessionAffinity", test => test._service.Spec.SessionAffinity = "ClientIP" },
        { "ServiceWithoutSelector", test => test._service.Spec.Selector = null },
        { "SelectorMatchesNothing", test => test._service.Spec.Selector["app"] = "api" },
        { "ServiceWithoutPorts", test => test._service.Spec.Ports = null },
        { "PortNotTcp", test => test._service.Spec.Ports[1].Protocol = "UDP" },
        { "TargetPortUnresolved", test => test._service.Spec.Ports[0].TargetPort = "web" },
        { "TargetPortAmbiguous", test => test._deployment.Spec.Template.Spec.Containers.Add(new V1Container { Name = "side", Ports = [new V1ContainerPort { Name = "http", ContainerPort = 8081 }] }) },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Faults))]
    public void Run_Fault_IsTheOneThatIsTold(string code, Action<AdoptionChecksTests> spoil)
    {
        spoil(this);
        var problem = Assert.Single(Run());
        Assert.Equal(code, problem.Code);
        Assert.Equal(code == "RollNotComplete", problem.Passes);
        Assert.Matches(@"(web|checkout).*\. \p{Lu}.*\.$", problem.Message);
    }

    [Fact]
    public void Run_NoReplicas_IsTold()
    {
        _deployment.Spec.Replicas = 0;
        _deployment.Status = new V1DeploymentStatus { ObservedGeneration = 3 };
        Assert.Equal("NoReplicas", Assert.Single(Run()).Code);
    }

    [Fact]
    public void Run_PausedByUs_IsNoFault()
    {
        _deployment.Spec.Paused = true;
        _deployment.Metadata.Annotations["meshcanary.io/held"] = "abc";
        Assert.Empty(Run());
    }

    [Fact]
    public void Run_SeveralWorkloads_NamesTheOthers()
    {
        var other = new V1Deployment { Metadata = new V1ObjectMeta { Name = "web-old" }, Spec = new V1DeploymentSpec { Template = Template("http", 8080) } };
        var problem = Assert.Single(AdoptionChecks.Run(Sight() with { Workloads = new NamespaceWorkloads { Deployments = [_deployment, other] } }));
        Assert.Equal("SelectorMatchesOthers", problem.Code);
        Assert.Contains("Deployment web-old", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AskedFor_IsAllowed()
    {
        _service.Spec.ClusterIP = "None";
        _service.Spec.SessionAffinity = "ClientIP";
        Assert.Equal(2, Run().Length);
        Assert.Empty(AdoptionChecks.Run(Sight(""","allow":["headless","clientIP"]""")));
    }

    // The selector is ours by now; what the owner selects is in the annotation.
    [Fact]
    public void Run_AdoptedService_LooksAtTheOriginalSelector()
    {
        _service.Metadata.Annotations["meshcanary.io/original-selector"] = """{"app":"web"}""";
        _service.Spec.Selector = new Dictionary<string, string> { ["meshcanary.io/proxy"] = "checkout" };
        Assert.Empty(Run());
    }

    [Fact]
    public void Run_PortsThatAreNotSplit_AreNotLookedAt()
    {
        _service.Spec.Ports[0].TargetPort = "nowhere";
        _service.Spec.Ports[1].Protocol = "UDP";
        Assert.Equal(["PortMissing"], AdoptionChecks.Run(Sight(""","ports":["grpc"]""")).Select(problem => problem.Code));
        Assert.Equal(["TargetPortUnresolved"], AdoptionChecks.Run(Sight(""","ports":[80]""")).Select(problem => problem.Code));
    }

    private ImmutableArray<AdoptionProblem> Run() => AdoptionChecks.Run(Sight());

    private AdoptionSight Sight(string service = "")
    {
        using var spec = JsonDocument.Parse($$$"""{"workload":{"kind":"Deployment","name":"web"},"service":{"name":"checkout"{{{service}}}},"strategy":{"steps":[{"weight":5}]}}""");
        return new AdoptionSight
        {
            Spec = CanaryManifestReader.ReadObject(spec.RootElement, "shop", "checkout").Manifests.Single().Spec,
            Service = _service,
            Deployment = _deployment,
            Workloads = new NamespaceWorkloads { Deployments = [_deployment] },
        };
    }

    private static V1PodTemplateSpec Template(string port, int number) => new()
    {
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "app", Ports = [new V1ContainerPort { Name = port, ContainerPort = number }] }] },
    };
}
