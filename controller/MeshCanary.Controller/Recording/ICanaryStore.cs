namespace MeshCanary.Controller.Recording;

/// <summary>Keeps what was decided. A reconcile acts on nothing that is not kept.</summary>
internal interface ICanaryStore
{
    /// <summary>Keeps one reconcile's outcome: all of it, or nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was kept, or nobody knows; the same may be given again.</exception>
    Task CommitAsync(CanaryCommit commit, CancellationToken cancellationToken);
}
