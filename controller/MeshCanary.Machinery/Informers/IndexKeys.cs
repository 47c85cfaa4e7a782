using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Informers;

/// <summary>Values by which objects are often looked up.</summary>
public static class IndexKeys
{
    /// <summary>The namespace.</summary>
    /// <param name="target">The object.</param>
    public static IEnumerable<string> Namespace(IKubernetesObject<V1ObjectMeta> target) => [Required(target).NamespaceProperty ?? ""];

    /// <summary>The uids of the owners.</summary>
    /// <param name="target">The object.</param>
    public static IEnumerable<string> Owners(IKubernetesObject<V1ObjectMeta> target) =>
        Required(target).OwnerReferences?.Where(owner => owner?.Uid is not null).Select(owner => owner.Uid) ?? [];

    /// <summary>The value of a label; objects without it are not found.</summary>
    /// <param name="label">The label's name.</param>
    public static Func<IKubernetesObject<V1ObjectMeta>, IEnumerable<string>> Label(string label) =>
        target => Required(target).Labels is { } labels && labels.TryGetValue(label, out var value) && value is not null ? [value] : [];

    private static V1ObjectMeta Required(IKubernetesObject<V1ObjectMeta> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Metadata;
    }
}
