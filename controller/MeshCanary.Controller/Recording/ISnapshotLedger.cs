namespace MeshCanary.Controller.Recording;

/// <summary>Remembers the newest snapshot's version and content, so that versions rise and the same content keeps its version.</summary>
internal interface ISnapshotLedger
{
    /// <summary>The newest snapshot; version 0 before the first.</summary>
    (long Version, string Content) Last();

    /// <summary>Keeps a newer one.</summary>
    /// <exception cref="StoreUnavailableException">It was not kept: do not send it.</exception>
    void Keep(long version, string content);
}
