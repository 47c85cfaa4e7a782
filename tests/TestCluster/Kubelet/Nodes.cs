using k8s;
using k8s.Autorest;
using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Registers the nodes and keeps them alive.</summary>
/// <param name="client">The API server.</param>
/// <param name="time">The clock.</param>
internal sealed class Nodes(IKubernetes client, TimeProvider time)
{
    private const string LeaseSpace = "kube-node-lease";

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>Registers nodes as ready.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task RegisterAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        foreach (var name in names)
        {
            await client.CoreV1.CreateNodeAsync(new V1Node
            {
                Metadata = new V1ObjectMeta
                {
                    Name = name,
                    Labels = new Dictionary<string, string>
                    {
                        ["kubernetes.io/hostname"] = name, ["kubernetes.io/os"] = "linux",
                        ["topology.kubernetes.io/zone"] = $"zone-{name[^1]}",
                    },
                },
            }, cancellationToken: cancellation);

            // A patch: the node controller may have written to the new node already, which a replacement would run into.
            await client.CoreV1.PatchNodeStatusAsync(
                new V1Patch($"{{\"status\":{KubernetesJson.Serialize(Status())}}}", V1Patch.PatchType.StrategicMergePatch),
                name, cancellationToken: cancellation);
        }
    }

    /// <summary>Renews the leases of nodes until cancelled.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var name in names)
            {
                try
                {
                    await RenewAsync(name, cancellation);
                }
                catch (Exception failure) when (failure is HttpOperationException or HttpRequestException or OperationCanceledException)
                {
                    // The next round tries again; a node is given up after forty seconds.
                }
            }

            await Task.Delay(Renewal, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<V1Lease> RenewAsync(string name, CancellationToken cancellation)
    {
        var lease = $$$"""
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"{{{name}}}"},
             "spec":{"holderIdentity":"{{{name}}}","leaseDurationSeconds":40,"renewTime":"{{{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ}}}"}}
            """;
        return client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch(lease, V1Patch.PatchType.ApplyPatch), name, LeaseSpace, fieldManager: "kubelet", force: true, cancellationToken: cancellation);
    }

    private V1NodeStatus Status()
    {
        var room = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new("64"), ["memory"] = new("256Gi"), ["pods"] = new("500"),
        };
        var now = time.GetUtcNow().UtcDateTime;
        return new V1NodeStatus
        {
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = OwnNamespace.Gateway }],
            DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = LogServer.Port } },
            Capacity = room,
            Allocatable = room,
            Conditions =
            [
                new V1NodeCondition
                {
                    Type = "Ready", Status = "True", Reason = "KubeletReady", Message = "the stand-in kubelet is ready",
                    LastHeartbeatTime = now, LastTransitionTime = now,
                },
            ],
        };
    }
}
