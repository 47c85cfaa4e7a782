using System.Text;
using k8s;
using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Makes the volumes of a pod as folders.</summary>
/// <param name="parts">What pods need.</param>
/// <param name="pod">The pod.</param>
/// <param name="address">The pod's address.</param>
/// <param name="reader">Reads ConfigMaps and Secrets.</param>
internal sealed class PodVolumes(KubeletParts parts, V1Pod pod, string address, ConfigReader reader)
{
    private const int Standard = 0b110_100_100;

    private readonly Dictionary<string, string> _hostPaths = [];

    /// <summary>The folder of a volume.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) =>
        _hostPaths.GetValueOrDefault(name, Path.Combine(parts.PodFolder(pod.Metadata.Uid), "volumes", name));

    /// <summary>Makes all of them.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConfigurationException">What a volume refers to is missing.</exception>
    public async Task BuildAsync(CancellationToken cancellation)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.HostPath is { } host)
                _hostPaths[volume.Name] = host.Path;
            Directory.CreateDirectory(PathOf(volume.Name));
            await BuildAsync(volume, PathOf(volume.Name), cancellation);
        }
    }

    private async Task BuildAsync(V1Volume volume, string folder, CancellationToken cancellation)
    {
        if (volume.ConfigMap is { } map)
            Write(folder, await reader.ConfigMapAsync(map.Name, map.Optional, cancellation), map.Items, map.DefaultMode);
        else if (volume.Secret is { } secret)
            Write(folder, await reader.SecretAsync(secret.SecretName, secret.Optional, cancellation), secret.Items, secret.DefaultMode);
        else if (volume.DownwardAPI is { } fields)
            WriteFields(folder, fields.Items, fields.DefaultMode);
        else if (volume.Projected is { } projected)
            foreach (var source in projected.Sources ?? [])
                await ProjectAsync(source, folder, projected.DefaultMode, cancellation);
        else if (volume.EmptyDir is null && volume.HostPath is null)
            throw new ConfigurationException($"volume \"{volume.Name}\" is of a kind that the stand-in kubelet does not support");
    }

    private async Task ProjectAsync(V1VolumeProjection source, string folder, int? mode, CancellationToken cancellation)
    {
        if (source.ConfigMap is { } map)
            Write(folder, await reader.ConfigMapAsync(map.Name, map.Optional, cancellation), map.Items, mode);
        else if (source.Secret is { } secret)
            Write(folder, await reader.SecretAsync(secret.Name, secret.Optional, cancellation), secret.Items, mode);
        else if (source.DownwardAPI is { } fields)
            WriteFields(folder, fields.Items, mode);
        else if (source.ServiceAccountToken is { } token)
            WriteFile(folder, token.Path, Encoding.UTF8.GetBytes(await TokenAsync(token, cancellation)), mode);
        else
            throw new ConfigurationException("a projected volume has a source that the stand-in kubelet does not support");
    }

    private async Task<string> TokenAsync(V1ServiceAccountTokenProjection token, CancellationToken cancellation)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec
            {
                Audiences = token.Audience is { Length: > 0 } audience ? [audience] : [],
                ExpirationSeconds = token.ExpirationSeconds,
                BoundObjectRef = new V1BoundObjectReference
                {
                    ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid,
                },
            },
        };
        var answer = await parts.Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, pod.Spec.ServiceAccountName ?? "default", pod.Metadata.NamespaceProperty, cancellationToken: cancellation);
        return answer.Status.Token;
    }

    private void WriteFields(string folder, IEnumerable<V1DownwardAPIVolumeFile>? items, int? mode)
    {
        foreach (var item in items ?? [])
            WriteFile(folder, item.Path, Encoding.UTF8.GetBytes(PodFields.Read(pod, address, item.FieldRef.FieldPath)), item.Mode ?? mode);
    }

    private static void Write(
        string folder, IReadOnlyDictionary<string, byte[]> content, IList<V1KeyToPath>? items, int? mode)
    {
        foreach (var item in items ?? [.. content.Keys.Select(key => new V1KeyToPath { Key = key, Path = key })])
        {
            if (!content.TryGetValue(item.Key, out var bytes))
                throw new ConfigurationException($"references non-existent config key: {item.Key}");
            WriteFile(folder, item.Path, bytes, item.Mode ?? mode);
        }
    }

    private static void WriteFile(string folder, string name, byte[] content, int? mode)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)(mode ?? Standard));
    }
}
