using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>The Secret in the cluster; the API server's resource versions are what compare-and-swap rests on.</summary>
internal sealed class KubernetesSecretStore(IKubernetes client, string @namespace, string name) : ISecretStore
{
    public async Task<StoredSecret?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await client.CoreV1.ReadNamespacedSecretAsync(name, @namespace, cancellationToken: cancellationToken).ConfigureAwait(false);
            var data = (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value), StringComparer.Ordinal);
            return new StoredSecret(data, secret.Metadata.ResourceVersion);
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<bool> CreateAsync(IReadOnlyDictionary<string, string> data, CancellationToken cancellationToken) =>
        TryAsync(() => client.CoreV1.CreateNamespacedSecretAsync(Secret(data, null), @namespace, cancellationToken: cancellationToken));

    public Task<bool> ReplaceAsync(IReadOnlyDictionary<string, string> data, string version, CancellationToken cancellationToken) =>
        TryAsync(() => client.CoreV1.ReplaceNamespacedSecretAsync(Secret(data, version), name, @namespace, cancellationToken: cancellationToken));

    private static async Task<bool> TryAsync(Func<Task<V1Secret>> write)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private V1Secret Secret(IReadOnlyDictionary<string, string> data, string? version) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace, ResourceVersion = version },
        Type = "Opaque",
        Data = data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value)),
    };
}
