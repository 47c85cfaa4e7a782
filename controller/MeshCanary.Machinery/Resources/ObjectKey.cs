namespace MeshCanary.Machinery.Resources;

/// <summary>Where an object is: its namespace and name. The key of queues and stores.</summary>
/// <param name="Namespace">The namespace, empty for objects that have none.</param>
/// <param name="Name">The name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key of an object's metadata.</summary>
    /// <param name="metadata">The metadata; a missing name counts as empty.</param>
    public static ObjectKey Of(k8s.Models.V1ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new ObjectKey(metadata.NamespaceProperty ?? "", metadata.Name ?? "");
    }

    /// <summary>The key of an object.</summary>
    /// <param name="target">The object.</param>
    public static ObjectKey Of(k8s.IKubernetesObject<k8s.Models.V1ObjectMeta> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Of(target.Metadata);
    }

    /// <summary><c>namespace/name</c>, or the name alone.</summary>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
