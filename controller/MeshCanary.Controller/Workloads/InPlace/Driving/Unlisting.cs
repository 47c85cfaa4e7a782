using System.Collections.Immutable;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>
/// Remembers since when no Service lists the pods of a ReplicaSet: what proxies still have under way there needs its time to end.
/// Who leads anew begins to count anew. One Canary; one look at a time.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Unlisting(TimeProvider time)
{
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <summary>The uids of the ReplicaSets that were taken out of all Services a shorter time ago.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="drain">How long requests may take to end.</param>
    public ImmutableHashSet<string> Look(InPlaceView view, TimeSpan drain)
    {
        var listed = view.ArmServices.Select(Objects.SelectedHash).ToHashSet(StringComparer.Ordinal);
        var unlisted = view.ReplicaSets.Where(set => Objects.IsActive(set) && !listed.Contains(Objects.HashOf(set))).Select(set => set.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var known in _since.Keys.Where(known => !unlisted.Contains(known)).ToList())
            _since.Remove(known);
        foreach (var uid in unlisted)
            _since.TryAdd(uid, time.GetTimestamp());
        return [.. _since.Where(known => time.GetElapsedTime(known.Value) < drain).Select(known => known.Key)];
    }
}
