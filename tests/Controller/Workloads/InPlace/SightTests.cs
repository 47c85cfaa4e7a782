using k8s;
using k8s.Models;
using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Planning;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

public sealed class SightTests
{
    [Fact]
    public void Addresses_OfAnArm_AreThoseThatAreReadyAndStay()
    {
        var stage = new Stage();
        stage.Go();
        var slice = KubernetesYaml.Deserialize<V1EndpointSlice>("""
            metadata: { name: a, labels: { kubernetes.io/service-name: SERVICE } }
            addressType: IPv4
            ports: [{ name: admin, port: 9000 }, { name: http, port: 8081 }]
            endpoints:
            - { addresses: [10.0.0.1], conditions: { ready: true } }
            - { addresses: [10.0.0.2], conditions: { ready: false } }
            - { addresses: [10.0.0.3], conditions: { ready: true, terminating: true } }
            - { addresses: [10.0.0.4] }
            """.Replace("SERVICE", stage.Cluster.Services.Keys.Single(), StringComparison.Ordinal));

        var sight = InPlaceSight.Of(stage.Cluster.View() with { Slices = [slice] }, null);
        Assert.Equal(["http://10.0.0.1:8081", "http://10.0.0.4:8081"], sight.Addresses![stage.Promoted.Name]);
        Assert.Equal(2, sight.Ready[stage.Promoted.Name]);
        // Nobody has looked yet.
        Assert.Empty(InPlaceSight.Of(stage.Cluster.View() with { Slices = [] }, null).Ready);
    }

    [Fact]
    public void Pods_OfBothVersions_AreToldByTheirReplicaSetsAndServices()
    {
        var (stage, _, next) = Stage.WithArm(1000);

        var pods = InPlaceSight.Of(stage.Cluster.View(), null).Pods;
        Assert.Contains($"web-{next.Name}", pods[next.Name].ReplicaSets);
        Assert.All(pods[next.Name].Services, service => Assert.StartsWith("web-mc-", service, StringComparison.Ordinal));
        Assert.NotEmpty(pods[next.Name].Services);
        // The Deployment's own ReplicaSet has the name that its controller gave it, and runs stable all the same.
        Assert.NotEmpty(pods[stage.Promoted.Name].ReplicaSets);
        Assert.Empty(pods[next.Name].ReplicaSets.Intersect(pods[stage.Promoted.Name].ReplicaSets));
    }

    [Fact]
    public void Endpoints_OfAnOldServer_AreSlicesWithTheirPorts()
    {
        var slices = EndpointsSlices.Of(KubernetesYaml.Deserialize<V1Endpoints>("""
            metadata: { name: web-mc-1 }
            subsets:
            - { addresses: [{ ip: 10.0.0.1 }], notReadyAddresses: [{ ip: 10.0.0.9 }], ports: [{ name: http, port: 8080 }] }
            - { addresses: [{ ip: 10.0.0.2 }], ports: [{ name: http, port: 8081 }] }
            """)).ToList();

        Assert.Equal(["10.0.0.1:8080", "10.0.0.2:8081"], slices.Select(slice => $"{slice.Endpoints[0].Addresses[0]}:{slice.Ports[0].Port}"));
        Assert.Single(EndpointsSlices.Of(new V1Endpoints { Metadata = new V1ObjectMeta { Name = "none" } }));
    }

    [Theory]
    [InlineData("containerStatuses: [{ name: web, restartCount: 4, state: { waiting: { reason: CrashLoopBackOff } }, lastState: { terminated: { exitCode: 3 } } }]", "container web waits in CrashLoopBackOff, ended with exit code 3 4 times")]
    [InlineData("containerStatuses: [{ name: web, state: { waiting: { reason: ErrImagePull, message: no such image. } } }]", "container web waits in ErrImagePull (no such image)")]
    [InlineData("conditions: [{ type: PodScheduled, status: \"False\", reason: Unschedulable, message: 0/3 nodes are available. }]", "no node takes it (0/3 nodes are available)")]
    public void Problem_OfAPod_IsToldInWords(string status, string said)
    {
        var (stage, _, next) = Stage.WithArm(1000);
        stage.Cluster.Edit($"web-{next.Name}", set => set.Status = new V1ReplicaSetStatus { Replicas = 3, ReadyReplicas = 2, ObservedGeneration = set.Metadata.Generation }, spec: false);
        var pod = KubernetesYaml.Deserialize<V1Pod>($"{{ metadata: {{ name: web-1, labels: {{ pod-template-hash: {next.Name} }} }}, status: {{ {status} }} }}");

        var step = InPlacePlanner.Next(stage.Cluster.View() with { Pods = [pod] }, new InPlaceOrder(stage.Plan, new DeploymentSpec()));
        Assert.Contains(said, step.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_ManifestThatUnpauses_IsTold()
    {
        var stage = new Stage();
        stage.Go();
        stage.Cluster.Edit((_, notes) => notes[InPlaceNames.LastAppliedAnnotation] = """{"spec":{"paused":false}}""", spec: false);
        Assert.Contains("'paused: false'", stage.Next().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Patches_OfCalls_BeginWithWhatTheyRestOn()
    {
        Assert.Equal(
            """[{"op":"test","path":"/metadata/generation","value":7},{"op":"add","path":"/spec/paused","value":true},{"op":"add","path":"/metadata/annotations/meshcanary.io~1held","value":"v1"}]""",
            CallPatches.Of(new HoldDeployment(7, "v1", true)).ToString());
        Assert.Equal(
            """[{"op":"test","path":"/metadata/generation","value":7},{"op":"test","path":"/spec/paused","value":true},{"op":"remove","path":"/spec/paused"},{"op":"remove","path":"/metadata/annotations/meshcanary.io~1held"}]""",
            CallPatches.Of(new UnholdDeployment(7, ["meshcanary.io/held"], new V1ReplicaSet())).ToString());

        var (stage, old, next) = Stage.WithArm();
        stage.Ask(next, (old, null));
        var move = CallPatches.Of(stage.Next().Call!).ToString();
        Assert.StartsWith("""[{"op":"test","path":"/metadata/resourceVersion",""", move, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Canary\"", move, StringComparison.Ordinal);
        Assert.DoesNotContain(InPlaceNames.DesiredAnnotation, move, StringComparison.Ordinal);
    }
}
