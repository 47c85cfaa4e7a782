using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Informers;

/// <summary>
/// Hears what happens to objects, in order, one call at a time, after the store shows it. A handler must be quick: the informer waits for it.
/// It usually adds a key to a queue. One that throws is reported, and the informer goes on.
/// </summary>
public interface IObjectHandler<in T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>An object is there.</summary>
    /// <param name="added">The object.</param>
    void Added(T added);

    /// <summary>An object changed. Changes in quick succession may come as one.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    void Updated(T before, T after);

    /// <summary>An object is gone. One that was made again under its name is first told as deleted.</summary>
    /// <param name="last">As it was last seen, which may be older than its end.</param>
    void Deleted(T last);
}
