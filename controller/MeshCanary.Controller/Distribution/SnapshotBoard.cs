using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using MeshCanary.Controller.Recording;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>
/// The one configuration that all proxies should have. Its version is kept before anybody sees it, rises with every
/// change, and stays when nothing changed, also across restarts.
/// </summary>
internal sealed class SnapshotBoard(ISnapshotLedger ledger, TimeProvider time)
{
    // Proxies acknowledge within milliseconds; what is older is of interest only for those that refuse everything since.
    private const int Remembered = 256;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ImmutableDictionary<string, PublishedRoute>> _history = [];
    private ImmutableDictionary<string, PublishedRoute> _routes = ImmutableDictionary<string, PublishedRoute>.Empty;
    private string _content = "";
    private bool _open;
    private volatile Edition? _current;

    /// <summary>Called after a newer snapshot is there.</summary>
    public event Action? Published;

    /// <summary>The newest snapshot; null before <see cref="Open"/>.</summary>
    public Edition? Current => _current;

    /// <summary>Whether proxies were given a snapshot before this start.</summary>
    public bool WasPublishedBefore { get; private set; }

    /// <summary>Everything is in place: publishes from now on.</summary>
    public void Open()
    {
        lock (_gate)
        {
            var (version, content) = ledger.Last();
            _open = true;
            _content = content;
            var fresh = ContentOf(_routes);
            WasPublishedBefore = version > 0;
            // Not from 1: a proxy may have snapshots of a state that is gone, and must not take ours for one of those.
            if (version == 0)
                Publish(time.GetUtcNow().ToUnixTimeMilliseconds(), fresh);
            else if (fresh != content)
                Publish(version + 1, fresh);
            else
                Show(version);
        }
    }

    /// <summary>Puts a Canary's route in place, or takes it away.</summary>
    /// <exception cref="StoreUnavailableException">The new version could not be kept, so nobody was told; ask again.</exception>
    public void Set(string key, PublishedRoute? route)
    {
        lock (_gate)
        {
            var before = _routes;
            if (Equals(before.GetValueOrDefault(key), route))
                return;
            _routes = route is null ? before.Remove(key) : before.SetItem(key, route);
            if (!_open)
                return;
            try
            {
                var content = ContentOf(_routes);
                if (content != _content)
                    Publish(_current!.Version + 1, content);
                else
                    _history[_current!.Version] = _routes;
            }
            catch
            {
                _routes = before;
                throw;
            }
        }

        Published?.Invoke();
    }

    /// <summary>Makes the version rise above one that a proxy has from elsewhere, so that the proxy takes ours.</summary>
    public void RiseAbove(long version)
    {
        lock (_gate)
        {
            if (_current is not { } current || current.Version >= version)
                return;
            Publish(version + 1, _content);
        }

        Published?.Invoke();
    }

    /// <summary>Gives the newest snapshot another version: a proxy that has something else under this one refuses it for ever.</summary>
    public void Renew(long version)
    {
        lock (_gate)
        {
            if (_current?.Version != version)
                return;
            Publish(version + 1, _content);
        }

        Published?.Invoke();
    }

    /// <summary>A Canary's route in a version, or null when that version is unknown or has none.</summary>
    public PublishedRoute? Find(long version, string key)
    {
        lock (_gate)
            return _history.GetValueOrDefault(version)?.GetValueOrDefault(key);
    }

    private void Publish(long version, string content)
    {
        ledger.Keep(version, content);
        _content = content;
        Show(version);
    }

    private void Show(long version)
    {
        _history[version] = _routes;
        while (_history.Count > Remembered)
            _history.Remove(_history.Keys.First());
        _current = new Edition(version, Build(version, _routes));
    }

    private static Wire.Snapshot Build(long version, ImmutableDictionary<string, PublishedRoute> routes)
    {
        var snapshot = new Wire.Snapshot { Version = (ulong)version };
        snapshot.Routes.AddRange(routes.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.Routes));
        return snapshot;
    }

    private static string ContentOf(ImmutableDictionary<string, PublishedRoute> routes) =>
        Convert.ToHexString(SHA256.HashData(Build(0, routes).ToByteArray()));
}
