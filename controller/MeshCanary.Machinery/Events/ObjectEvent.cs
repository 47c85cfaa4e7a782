using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Events;

/// <summary>Something that happened to an object, for people who look at it.</summary>
/// <param name="Regarding">The object.</param>
/// <param name="IsWarning">Whether somebody should look.</param>
/// <param name="Reason">One word in camel case, such as <c>Promoted</c>; the same for the same thing.</param>
/// <param name="Action">What was done, in one word, such as <c>Promote</c>.</param>
/// <param name="Note">One sentence; at most 1,024 bytes are kept.</param>
public sealed record ObjectEvent(V1ObjectReference Regarding, bool IsWarning, string Reason, string Action, string Note)
{
    /// <summary>A reference to an object, for <see cref="Regarding"/>.</summary>
    /// <param name="target">The object, with its apiVersion and kind.</param>
    public static V1ObjectReference To(IKubernetesObject<V1ObjectMeta> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new V1ObjectReference
        {
            ApiVersion = target.ApiVersion,
            Kind = target.Kind,
            Name = target.Metadata.Name,
            NamespaceProperty = target.Metadata.NamespaceProperty,
            Uid = target.Metadata.Uid,
            ResourceVersion = target.Metadata.ResourceVersion,
        };
    }
}
