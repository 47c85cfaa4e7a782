using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s.Models;
using MeshCanary.Controller.Annotating;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Tests.Annotating;

public sealed partial class ServiceAnnotationsTests
{
    [Fact]
    public void Enabled_Alone_IsEnough()
    {
        var canary = Read(("enabled", "true")).Canary!;
        Assert.Equal(("checkout", "shop", "annotations"), (canary.Metadata.Name, canary.Metadata.NamespaceProperty, canary.Metadata.Labels["meshcanary.io/from"]));
        var owner = Assert.Single(canary.Metadata.OwnerReferences);
        Assert.Equal(("v1", "Service", "checkout", "s1", true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller));
        Assert.Equal("""{"workload":{"kind":"Deployment","name":"web"},"service":{"name":"checkout"},"strategy":{"steps":[{"weight":"1"},{"weight":"5"},{"weight":"25"},{"weight":"50"}]}}""", canary.Spec!.Value.GetRawText());
    }

    [Fact]
    public void Annotations_AllOfThem_BecomeFields()
    {
        var canary = Read(
            ("enabled", "true"), ("strategy", "canary"), ("steps", "1, 12.5%,50"), ("step-duration", "5m"), ("max-step-duration", "1h"), ("approval", "2h"),
            ("stickiness", "cookie:mc-user"), ("router", "proxy"), ("workload", "web"), ("max-error-rate", "5%"), ("max-latency-p50", "100ms"),
            ("max-latency-p90", "200ms"), ("max-latency-p99", "500ms"), ("interval", "30s"), ("warmup", "2m"), ("on-inconclusive", "rollback"), ("on-failure", "hold"),
            ("bake-time", "30m"), ("progress-deadline", "5m"), ("hold", "always"), ("health-path", "/healthz"), ("hosts", "a.example.org, b.example.org"), ("ports", "http,8080"),
            ("allow", "headless")).Canary!;
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "workload": { "kind": "Deployment", "name": "web", "hold": "always", "healthPath": "/healthz" },
                  "service": { "name": "checkout", "hosts": ["a.example.org", "b.example.org"], "ports": ["http", "8080"], "allow": ["headless"] },
                  "router": { "type": "proxy" },
                  "strategy": {
                    "type": "canary",
                    "steps": [
                      { "weight": "1", "minDuration": "5m", "maxDuration": "1h" },
                      { "weight": "12.5%", "minDuration": "5m", "maxDuration": "1h" },
                      { "weight": "50", "minDuration": "5m", "maxDuration": "1h" },
                      { "approval": { "timeout": "2h" } }
                    ],
                    "stickiness": { "cookie": "mc-user" }
                  },
                  "analysis": {
                    "interval": "30s", "warmup": "2m", "onInconclusive": "rollback",
                    "guards": [
                      { "metric": "errorRate", "max": "5%" }, { "metric": "latencyP50", "max": "100ms" },
                      { "metric": "latencyP90", "max": "200ms" }, { "metric": "latencyP99", "max": "500ms" }
                    ]
                  },
                  "onFailure": "hold", "bakeTime": "30m", "progressDeadline": "5m"
                }
                """),
            JsonNode.Parse(canary.Spec!.Value.GetRawText())), canary.Spec.Value.GetRawText());
    }

    [Fact]
    public void Annotations_OfAMesh_NameTheSourceOfItsCounts()
    {
        var canary = Read(("enabled", "true"), ("steps", "10"), ("router", "istio"), ("prometheus", "http://prometheus:9090"), ("prometheus-preset", "istio")).Canary!;
        Assert.Equal(
            """{"workload":{"kind":"Deployment","name":"web"},"service":{"name":"checkout"},"router":{"type":"istio"},"analysis":{"source":{"type":"prometheus","address":"http://prometheus:9090","preset":"istio"}},"strategy":{"steps":[{"weight":"10"}]}}""",
            canary.Spec!.Value.GetRawText());
        Assert.Contains("no proxy of MeshCanary counts requests", Assert.Single(Read(("enabled", "true"), ("router", "istio")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_WithFaults_AreToldAllAtOnceByTheirNames() => Assert.Equal(
        new[]
        {
            "meshcanary.io/max-eror-rate: unknown annotation. Did you mean 'meshcanary.io/max-error-rate'?",
            "meshcanary.io/zebra: unknown annotation. Remove it; docs/kubernetes-api.md lists those that there are.",
            "meshcanary.io/max-latency-p99: '5%' is not a duration. Write 500ms; units are ms, s, m and h.",
            "meshcanary.io/step-duration: '5' has no unit. Write 5s if seconds are meant.",
            "meshcanary.io/steps: 5% does not rise above the step before it, 10%. Put the steps in order; every weight has to be higher than the last.",
            "meshcanary.io/on-failure: 'explode' is not one of rollback, hold. Write rollback or hold.",
        }.Order(StringComparer.Ordinal),
        Read(("enabled", "true"), ("steps", "10,5"), ("step-duration", "5"), ("max-error-rate", "1%"), ("max-latency-p99", "5%"), ("max-eror-rate", "1%"), ("zebra", "1"), ("on-failure", "explode")).Errors.Order(StringComparer.Ordinal));

    [Fact]
    public void Enabled_Unclear_IsToldAndNothingIsTakenAway()
    {
        var reading = ServiceAnnotations.Read(Service(("enabled", "maybe"), ("steps", "5")), Web(), Made());
        Assert.Equal(["meshcanary.io/enabled: 'maybe' is neither true nor false. Write true or false."], reading.Errors);
        Assert.False(reading.Remove);
        Assert.Null(reading.Canary);
    }

    [Fact]
    public void Enabled_TakenAway_TakesTheCanaryWithItAndTellsThatTheOthersDoNothing()
    {
        var reading = ServiceAnnotations.Read(Service(("enabeld", "true"), ("steps", "five")), Web(), Made());
        Assert.True(reading.Remove);
        Assert.Null(reading.Canary);
        Assert.Empty(reading.Errors);
        Assert.Equal(
            [
                "meshcanary.io/enabeld: unknown annotation. Did you mean 'meshcanary.io/enabled'?",
                "meshcanary.io/enabled is not there, so this Service gets no Canary, and one that its annotations made goes; what else is written (meshcanary.io/enabeld, meshcanary.io/steps) has no effect. Write meshcanary.io/enabled=true to have one.",
            ],
            reading.Notes);
        Assert.Empty(ServiceAnnotations.Read(Service(("enabled", "false"), ("steps", "five")), Web(), Made()).Notes);
        Assert.Empty(ServiceAnnotations.Read(Service(("canary", "checkout")), Web(), Made()).Notes);
    }

    [Fact]
    public void Annotations_Removed_TakeTheirCanaryWithThem()
    {
        Assert.True(ServiceAnnotations.Read(Service(), Web(), Made()).Remove);
        Assert.True(ServiceAnnotations.Read(Service(("enabled", "false"), ("steps", "5")), Web(), Made()).Remove);
        Assert.False(ServiceAnnotations.Read(Service(), Web(), null).Remove);
        Assert.False(ServiceAnnotations.Read(Service(), Web(), new CanaryObject { Metadata = new V1ObjectMeta { Name = "checkout" } }).Remove);
        // Made from a Service of the same name that was deleted since: the garbage collector has it.
        var stranger = Made();
        stranger.Metadata.OwnerReferences[0].Uid = "s0";
        Assert.False(ServiceAnnotations.Read(Service(), Web(), stranger).Remove);
    }

    [Fact]
    public void Canary_OfAUser_IsNeverTouched()
    {
        var reading = ServiceAnnotations.Read(Service(("enabled", "true")), Web(), new CanaryObject { Metadata = new V1ObjectMeta { Name = "checkout" } });
        Assert.Null(reading.Canary);
        Assert.Equal(["There is a Canary checkout already that was not made from this Service's annotations; it stays as it is. Delete it, or take the annotations away."], reading.Errors);
        Assert.NotNull(ServiceAnnotations.Read(Service(("enabled", "true")), Web(), Made()).Canary);
    }

    // After adoption the selector is ours; the workload is still that of the original.
    [Fact]
    public void Selector_Ours_IsLookedThrough()
    {
        var service = Service(("enabled", "true"), ("original-selector", "{\"app\":\"web\"}"), ("canary", "checkout"));
        service.Spec.Selector = new Dictionary<string, string> { ["meshcanary.io/proxy"] = "checkout" };
        Assert.NotNull(ServiceAnnotations.Read(service, Web(), Made()).Canary);
    }

    [Fact]
    public void Workload_NotOneDeployment_IsRefusedWithNames()
    {
        var service = Service(("enabled", "true"));
        Assert.Equal(["The Service's selector (app=web) matches the pods of no workload. Correct the selector or the labels of the pod template."], ServiceAnnotations.Read(service, new NamespaceWorkloads(), null).Errors);
        Assert.Equal(
            ["The Service's selector (app=web) matches several workloads: Deployment blue, Deployment green. Make it more precise, so that one is left."],
            ServiceAnnotations.Read(service, new NamespaceWorkloads { Deployments = [Deployment("green"), Deployment("blue")] }, null).Errors);
        var stateful = new V1StatefulSet { Metadata = new V1ObjectMeta { Name = "db" }, Spec = new V1StatefulSetSpec { Template = Template() } };
        Assert.StartsWith("The Service's selector finds the StatefulSet db. Its pods have names", ServiceAnnotations.Read(service, new NamespaceWorkloads { StatefulSets = [stateful] }, null).Errors.Single(), StringComparison.Ordinal);
        var daemon = new V1DaemonSet { Metadata = new V1ObjectMeta { Name = "agent" }, Spec = new V1DaemonSetSpec { Template = Template() } };
        Assert.StartsWith("The Service's selector finds the DaemonSet agent. It has one pod on every node", ServiceAnnotations.Read(service, new NamespaceWorkloads { DaemonSets = [daemon] }, null).Errors.Single(), StringComparison.Ordinal);
        service.Spec.Selector = null;
        Assert.StartsWith("The Service has no selector", ServiceAnnotations.Read(service, Web(), null).Errors.Single(), StringComparison.Ordinal);
        Assert.StartsWith("meshcanary.io/workload: there is no Deployment other", Read(("enabled", "true"), ("workload", "other")).Errors.Single(), StringComparison.Ordinal);
        Assert.StartsWith("meshcanary.io/workload: 'StatefulSet/web' is no Deployment.", Read(("enabled", "true"), ("workload", "StatefulSet/web")).Errors.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Docs_Annotations_NameTheSame()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "kubernetes-api.md"));
        var listed = Row().Matches(page).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var known = AnnotationKeys.All.Select(key => key.Key).Append(AnnotationKeys.Enabled).Append(AnnotationKeys.Workload).Concat(AnnotationKeys.Ours);
        Assert.Equal(known.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static AnnotationReading Read(params (string Name, string Value)[] annotations) => ServiceAnnotations.Read(Service(annotations), Web(), null);

    private static V1Service Service(params (string Name, string Value)[] annotations) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "checkout",
            NamespaceProperty = "shop",
            Uid = "s1",
            Annotations = annotations.ToDictionary(pair => $"meshcanary.io/{pair.Name}", pair => pair.Value),
        },
        Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "web" } },
    };

    private static CanaryObject Made() => ServiceAnnotations.Read(Service(("enabled", "true")), Web(), null).Canary!;

    private static NamespaceWorkloads Web() => new() { Deployments = [Deployment("web")] };

    private static V1Deployment Deployment(string name) => new() { Metadata = new V1ObjectMeta { Name = name }, Spec = new V1DeploymentSpec { Template = Template() } };

    private static V1PodTemplateSpec Template() => new() { Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "web", ["tier"] = "front" } } };

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");

    [GeneratedRegex(@"(?<=^\| `)meshcanary\.io/[a-z0-9-]+(?=` \|)", RegexOptions.Multiline)]
    private static partial Regex Row();
}
