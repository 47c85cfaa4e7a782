using System.Collections.Concurrent;

namespace MeshCanary.Proxy.Recording;

/// <summary>
/// The endpoints of one revision. One that is gone is forgotten in two steps: first it is no longer found, then it is
/// no longer read. A request that had found it a moment before still counts in between.
/// </summary>
internal sealed class EndpointBook
{
    private readonly ConcurrentDictionary<string, EndpointCounters> _known = new(StringComparer.Ordinal);
    private volatile EndpointCounters[] _leaving = [];

    /// <summary>All that may have been counted in; an address may be there twice.</summary>
    // The known come first: what leaves in between is then met twice, and not missed.
    public IEnumerable<EndpointCounters> All
    {
        get
        {
            foreach (var (_, endpoint) in _known)
                yield return endpoint;
            foreach (var endpoint in _leaving)
                yield return endpoint;
        }
    }

    /// <summary>The counters of an endpoint, made when they are not there.</summary>
    public EndpointCounters Of(string address) =>
        _known.TryGetValue(address, out var known) ? known : _known.GetOrAdd(address, static address => new EndpointCounters(address));

    /// <summary>The counters of an endpoint, or null.</summary>
    public EndpointCounters? Find(string address) => _known.GetValueOrDefault(address);

    /// <summary>Notes a reading, and lets go of what is not kept for so many of them. One call at a time.</summary>
    public void Age(IReadOnlySet<object> kept, int quietReads)
    {
        // Not its Values, which stop everyone who adds.
        var gone = _known.Select(pair => pair.Value).Where(Quiet).ToList();
        var leaving = _leaving.Where(endpoint => !Quiet(endpoint)).ToList();
        if (gone.Count == 0 && leaving.Count == _leaving.Length)
            return;

        foreach (var endpoint in gone)
            endpoint.QuietReads = 0;
        _leaving = [.. leaving, .. gone];
        foreach (var endpoint in gone)
            _known.TryRemove(endpoint.Address, out _);

        bool Quiet(EndpointCounters endpoint) =>
            (endpoint.QuietReads = kept.Contains(endpoint) ? 0 : endpoint.QuietReads + 1) >= quietReads;
    }
}
