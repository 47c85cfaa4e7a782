using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Informers;

/// <summary>Hears every change in the same way, with the object before and after it where there is one.</summary>
/// <param name="changed">Is told (before, after); one of them is null at the beginning and at the end.</param>
public sealed class ChangeHandler<T>(Action<T?, T?> changed) : IObjectHandler<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public void Added(T added) => changed(null, added);

    /// <inheritdoc/>
    public void Updated(T before, T after) => changed(before, after);

    /// <inheritdoc/>
    public void Deleted(T last) => changed(last, null);
}
