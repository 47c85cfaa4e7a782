using System.Net;
using System.Text;
using k8s.Autorest;
using k8s;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Reads ConfigMaps and Secrets for a pod.</summary>
/// <param name="client">The API server.</param>
/// <param name="space">The pod's namespace.</param>
internal sealed class ConfigReader(IKubernetes client, string space)
{
    /// <summary>The content of a ConfigMap.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConfigurationException">It is missing and may not be.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> ConfigMapAsync(string name, bool? optional, CancellationToken cancellation)
    {
        try
        {
            var map = await client.CoreV1.ReadNamespacedConfigMapAsync(name, space, cancellationToken: cancellation);
            var content = new Dictionary<string, byte[]>();
            foreach (var (key, text) in map.Data ?? new Dictionary<string, string>())
                content[key] = Encoding.UTF8.GetBytes(text);
            foreach (var (key, bytes) in map.BinaryData ?? new Dictionary<string, byte[]>())
                content[key] = bytes;
            return content;
        }
        catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return optional == true ? new Dictionary<string, byte[]>() : throw new ConfigurationException($"configmap \"{name}\" not found");
        }
    }

    /// <summary>The content of a Secret.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConfigurationException">It is missing and may not be.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> SecretAsync(string name, bool? optional, CancellationToken cancellation)
    {
        try
        {
            var secret = await client.CoreV1.ReadNamespacedSecretAsync(name, space, cancellationToken: cancellation);
            return secret.Data is { } data ? data.ToDictionary() : new Dictionary<string, byte[]>();
        }
        catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return optional == true ? new Dictionary<string, byte[]>() : throw new ConfigurationException($"secret \"{name}\" not found");
        }
    }
}
