using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Cuts the counts of copies into intervals. One call at a time.</summary>
internal sealed class MirrorReader(MirrorBook book)
{
    private readonly Dictionary<MirrorCounters, MirrorReading> _readings = [];

    /// <summary>Takes everything since the last call, by route.</summary>
    public IEnumerable<(string Route, MirrorCounts Counts)> Take()
    {
        foreach (var counters in book.All)
        {
            if (!_readings.TryGetValue(counters, out var reading))
                _readings.Add(counters, reading = new MirrorReading(counters));
            if (reading.Take() is { } counts)
                yield return (counters.Route, counts);
            else if (reading.WasQuiet && book.TryForget(counters))
                _readings.Remove(counters);
        }
    }
}
