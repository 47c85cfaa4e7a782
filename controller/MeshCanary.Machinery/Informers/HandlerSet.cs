using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Informers;

/// <summary>Everybody who listens to an informer. Not thread-safe; the intake's lock is held.</summary>
/// <param name="fault">Is told what a handler threw.</param>
internal sealed class HandlerSet<T>(Action<Exception> fault)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<IObjectHandler<T>> _handlers = [];

    public void Add(IObjectHandler<T> handler) => _handlers.Add(handler);

    public void Remove(IObjectHandler<T> handler) => _handlers.Remove(handler);

    public void Tell(T? before, T? after)
    {
        foreach (var handler in _handlers.ToArray())
            Tell(handler, before, after);
    }

    public void Tell(IObjectHandler<T> handler, T? before, T? after)
    {
        try
        {
            if (before is null)
                handler.Added(after!);
            else if (after is null)
                handler.Deleted(before);
            else
                handler.Updated(before, after);
        }
#pragma warning disable CA1031 // A handler's fault is told; no object may stop the informer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            fault(error);
        }
    }
}
