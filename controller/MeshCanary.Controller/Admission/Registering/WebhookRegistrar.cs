using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Registering;

/// <summary>Tells the API server of our webhooks, and again when somebody has changed or removed that.</summary>
internal sealed class WebhookRegistrar(IKubernetes client, WebhookTarget target)
{
    /// <summary>Brings both configurations to what they should be. Writes only on a difference.</summary>
    public async Task EnsureAsync(string bundle, CancellationToken cancellationToken)
    {
        var api = client.AdmissionregistrationV1;
        var mutating = WebhookConfigurations.Mutating(target, bundle);
        var presentMutating = await api.ListMutatingWebhookConfigurationAsync(fieldSelector: Named(), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!Same(mutating.Webhooks, presentMutating.Items.FirstOrDefault()?.Webhooks))
            await api.PatchMutatingWebhookConfigurationAsync(Apply(mutating), target.Name, fieldManager: ApiNames.FieldManager, force: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        var validating = WebhookConfigurations.Validating(target, bundle);
        var presentValidating = await api.ListValidatingWebhookConfigurationAsync(fieldSelector: Named(), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!Same(validating.Webhooks, presentValidating.Items.FirstOrDefault()?.Webhooks))
            await api.PatchValidatingWebhookConfigurationAsync(Apply(validating), target.Name, fieldManager: ApiNames.FieldManager, force: true, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private string Named() => $"metadata.name={target.Name}";

    // Every field is written, defaults too: what is read back is the same unless somebody changed it.
    private static bool Same<T>(IList<T> wanted, IList<T>? present) =>
        JsonNode.DeepEquals(JsonNode.Parse(KubernetesJson.Serialize(wanted)), present is null ? null : JsonNode.Parse(KubernetesJson.Serialize(present)));

    private static V1Patch Apply(object configuration) => new(KubernetesJson.Serialize(configuration), V1Patch.PatchType.ApplyPatch);
}
