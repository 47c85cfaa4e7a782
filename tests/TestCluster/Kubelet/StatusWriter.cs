using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Brings the status of one pod to the API server, the newest one only, and again until it is there.</summary>
/// <param name="client">The API server.</param>
/// <param name="pod">The pod.</param>
/// <param name="time">Paces what is tried again.</param>
internal sealed class StatusWriter(IKubernetes client, V1Pod pod, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private string? _written;

    /// <summary>Says that the status changed.</summary>
    public void Changed() => _changes.Writer.TryWrite(true);

    /// <summary>Writes at every change, until cancelled.</summary>
    /// <param name="status">Gives the status.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<V1PodStatus> status, CancellationToken cancellation)
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellation))
            await WriteAsync(status(), cancellation);
    }

    /// <summary>Writes a status, again and again until the API server has it or the pod is gone.</summary>
    /// <param name="status">The status.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WriteAsync(V1PodStatus status, CancellationToken cancellation)
    {
        var text = KubernetesJson.Serialize(status);
        if (text == _written)
            return;

        // The uid is a precondition: the status of this pod must not reach a later one of the same name.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["status"] = JsonNode.Parse(text),
        };
        while (true)
        {
            try
            {
                await client.CoreV1.PatchNamespacedPodStatusAsync(
                    new V1Patch(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch),
                    pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: cancellation);
                _written = text;
                return;
            }
            catch (HttpOperationException error) when (error.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return;
            }
            catch (Exception failure) when (failure is HttpOperationException or HttpRequestException)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
