using k8s;
using k8s.Models;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>Calls for a look at whatever happened to an object.</summary>
internal sealed class KeyHandler<T>(Action<T> look) : IObjectHandler<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>By its key.</summary>
    public static KeyHandler<T> ByKey(Action<ObjectKey> look) => new(seen => look(ObjectKey.Of(seen)));

    /// <inheritdoc/>
    public void Added(T added) => look(added);

    /// <inheritdoc/>
    public void Updated(T before, T after) => look(after);

    /// <inheritdoc/>
    public void Deleted(T last) => look(last);
}
