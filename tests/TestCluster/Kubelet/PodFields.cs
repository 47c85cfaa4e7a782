using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>The fields of a pod that its containers may ask for (the downward API).</summary>
internal static class PodFields
{
    /// <summary>Reads a field.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="address">Its address.</param>
    /// <param name="path">The field's path.</param>
    /// <exception cref="ConfigurationException">There is no such field.</exception>
    public static string Read(V1Pod pod, string address, string path) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.NamespaceProperty,
        "metadata.uid" => pod.Metadata.Uid,
        "metadata.labels" => All(pod.Metadata.Labels),
        "metadata.annotations" => All(pod.Metadata.Annotations),
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName,
        "status.podIP" or "status.podIPs" => address,
        "status.hostIP" or "status.hostIPs" => OwnNamespace.Gateway,
        _ => Keyed(pod.Metadata.Labels, "metadata.labels", path)
            ?? Keyed(pod.Metadata.Annotations, "metadata.annotations", path)
            ?? throw new ConfigurationException($"fieldPath \"{path}\" is not supported"),
    };

    private static string? Keyed(IDictionary<string, string>? values, string prefix, string path)
    {
        if (!path.StartsWith($"{prefix}['", StringComparison.Ordinal) || !path.EndsWith("']", StringComparison.Ordinal))
            return null;
        var key = path[(prefix.Length + 2)..^2];
        return values is not null && values.TryGetValue(key, out var value) ? value : "";
    }

    private static string All(IDictionary<string, string>? values) =>
        string.Join('\n', (values ?? new Dictionary<string, string>()).Order().Select(pair => $"{pair.Key}=\"{pair.Value}\""));
}
