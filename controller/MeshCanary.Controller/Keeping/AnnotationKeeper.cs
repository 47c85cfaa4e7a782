using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Annotating;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>Brings the Canary that a Service's annotations ask for about, and takes it away with them.</summary>
internal sealed class AnnotationKeeper(ClusterAccess cluster, ClusterCaches caches, AdoptionPause pause, EventRecorder events)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private readonly ObjectWriter<CanaryObject> _writer = new(cluster, ResourceType.Of<CanaryObject>(), ApiNames.FieldManager);

    /// <summary>Looks at one Service.</summary>
    public async Task<WorkResult> LookAsync(ObjectKey key, CancellationToken cancellation)
    {
        if (!caches.Services.Store.TryGet(key, out var service) || service.Metadata.DeletionTimestamp is not null)
            return WorkResult.Done;
        caches.Canaries.Store.TryGet(key, out var present);
        var asked = ServiceAnnotations.Read(service, caches.WorkloadsOf(key.Namespace), present);
        if (asked.Remove)
            await _writer.DeleteAsync(key, new DeleteOptions { Uid = present!.Metadata.Uid }, cancellation).ConfigureAwait(false);
        if (asked.Canary is { } wanted)
        {
            // Whoever releases all Canaries does not want them back at once.
            if (present is null && await pause.UntilAsync(cancellation).ConfigureAwait(false) is { } until)
            {
                var note = string.Create(CultureInfo.InvariantCulture, $"No Canary is made of these annotations before {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, since all were released: {pause.Place}.");
                events.Record(new ObjectEvent(Reference(service), IsWarning: false, "AdoptionPaused", "Apply", note));
                // It may be taken back, or made longer.
                return WorkResult.After(Again);
            }

            await ApplyAsync(key, wanted, present, cancellation).ConfigureAwait(false);
        }

        foreach (var note in asked.Notes)
            events.Record(new ObjectEvent(Reference(service), IsWarning: false, "AnnotationsWithoutEffect", "Read", note));
        if (asked.Errors.IsEmpty)
            return WorkResult.Done;
        foreach (var error in asked.Errors)
            events.Record(new ObjectEvent(Reference(service), IsWarning: true, "InvalidAnnotations", "Read", error));
        // What is missing may come: a Deployment that is applied after its Service.
        return WorkResult.After(Again);
    }

    private async Task ApplyAsync(ObjectKey key, CanaryObject wanted, CanaryObject? present, CancellationToken cancellation)
    {
        var whole = JsonNode.Parse(KubernetesJson.Serialize(wanted))!.AsObject();
        var intent = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = whole["metadata"]!["labels"]?.DeepClone(),
                ["ownerReferences"] = whole["metadata"]!["ownerReferences"]?.DeepClone(),
            },
            ["spec"] = JsonSerializer.SerializeToNode(wanted.Spec),
        };
        // Defaults that the API server fills in are no difference.
        if (present is not null && JsonDifference.IsCovered(intent, present))
            return;
        await _writer.ApplyAsync(key, intent, force: true, null, cancellation).ConfigureAwait(false);
    }

    private static V1ObjectReference Reference(V1Service service) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Name = service.Metadata.Name,
        NamespaceProperty = service.Metadata.NamespaceProperty,
        Uid = service.Metadata.Uid,
    };
}
