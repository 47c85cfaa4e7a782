using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>Says in a Canary's condition that it makes its reconcile fail.</summary>
internal sealed class KeeperFaults(CanaryKeeper keeper) : IFaultListener<ObjectKey>
{
    /// <inheritdoc/>
    public void Quarantined(ObjectKey key, Exception failure, int failures) => Tell(
        key, new ConditionFault("KeepsFailing", $"It failed {failures} times in a row and is tried every few minutes, and at once when the object changes: {failure.Message}"));

    /// <inheritdoc/>
    public void Released(ObjectKey key) => Tell(key, null);

    /// <inheritdoc/>
    public void Overdue(ObjectKey key, TimeSpan elapsed)
    {
    }

    private void Tell(ObjectKey key, ConditionFault? fault)
    {
        if (keeper.Find(key.ToString()) is { } kept && kept.Store.Blame(ConditionTypes.Quarantined, fault))
            kept.Canary.Worker.Signal();
    }
}
