using MeshCanary.Controller.Recording;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>
/// Remembers a snapshot for as long as this replica leads. Versions begin at the time of day, above what an earlier leader
/// gave; where its clock ran ahead, they rise above what the proxies bring along.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="wasAdopted">Whether proxies may have a configuration of an earlier leader.</param>
internal sealed class MemorySnapshotLedger(TimeProvider time, bool wasAdopted) : ISnapshotLedger
{
    // No content has this one, so that the first snapshot is a newer version.
    private (long Version, string Content) _last = wasAdopted ? (time.GetUtcNow().ToUnixTimeMilliseconds(), "") : (0, "");

    /// <inheritdoc/>
    public (long Version, string Content) Last() => _last;

    /// <inheritdoc/>
    public void Keep(long version, string content) => _last = (version, content);
}
