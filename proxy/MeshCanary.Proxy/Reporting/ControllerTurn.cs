using System.Net;
using MeshCanary.Proxy.Endpoints;

namespace MeshCanary.Proxy.Reporting;

/// <summary>
/// Which of the controllers behind one name is tried next. A round tries each once, in an order of this proxy's own, and
/// the name is resolved anew for the next. One call at a time.
/// </summary>
internal sealed class ControllerTurn(string host, INameResolver names)
{
    private readonly List<IPAddress> _left = [];
    private IPAddress[] _all = [];
    private IPAddress? _leader;

    /// <summary>Whether the round has more to try.</summary>
    public bool HasMore => _left.Count > 0;

    /// <summary>The next to try.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name cannot be resolved.</exception>
    public async Task<IPAddress> NextAsync(CancellationToken cancellationToken)
    {
        if (_left.Count == 0)
            await BeginAsync(cancellationToken);
        var next = _left[0];
        _left.RemoveAt(0);
        return next;
    }

    /// <summary>
    /// A controller said who leads. Only an address that the name stands for is believed: whoever answers there has the token
    /// shown to it.
    /// </summary>
    public void Prefer(string? leader)
    {
        if (!IPAddress.TryParse(leader, out var named))
            return;
        _leader = named;
        if (_left.Remove(named))
            _left.Insert(0, named);
        else if (!_all.Contains(named))
            // The round began before it was there.
            _left.Clear();
    }

    /// <summary>The next attempt begins a round.</summary>
    public void Restart() => _left.Clear();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _all = IPAddress.TryParse(host, out var literal) ? [literal] : await names.ResolveAsync(host, cancellationToken);
        _left.AddRange(_all);
        // Not all proxies at the same one.
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_left));
        if (_leader is { } leader && _left.Remove(leader))
            _left.Insert(0, leader);
        _leader = null;
    }
}
