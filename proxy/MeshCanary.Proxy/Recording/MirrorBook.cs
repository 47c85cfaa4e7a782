namespace MeshCanary.Proxy.Recording;

/// <summary>The counters of all copies. What is no longer in force stays until its last copy has ended and been read.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class MirrorBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Route, string CanaryRevision), MirrorCounters> _known = [];
    private HashSet<MirrorCounters> _inForce = [];

    /// <summary>All that may have counted.</summary>
    public IReadOnlyList<MirrorCounters> All
    {
        get
        {
            lock (_gate)
                return [.. _known.Values];
        }
    }

    /// <summary>The counters of a route's copies to a canary, made when they are not there.</summary>
    public MirrorCounters Of(string route, string canaryRevision)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue((route, canaryRevision), out var counters))
                _known.Add((route, canaryRevision), counters = new MirrorCounters(route, canaryRevision));
            return counters;
        }
    }

    /// <summary>Says which of them the configuration in force uses.</summary>
    public void Retain(IEnumerable<MirrorCounters> inForce)
    {
        lock (_gate)
            _inForce = [.. inForce];
    }

    /// <summary>Forgets counters that are read to their end, unless they are in force.</summary>
    /// <returns>Whether they are forgotten.</returns>
    public bool TryForget(MirrorCounters counters)
    {
        lock (_gate)
            return !_inForce.Contains(counters) && _known.Remove((counters.Route, counters.CanaryRevision));
    }
}
