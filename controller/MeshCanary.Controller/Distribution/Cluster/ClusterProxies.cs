using System.Collections.Concurrent;
using Grpc.Core;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Traffic;
using Microsoft.Extensions.Logging;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>
/// The proxies of all Canaries of a cluster: each Canary has proxies, a configuration and counts of its own, and comes and
/// goes at run time. Thread-safe.
/// </summary>
/// <param name="controller">This replica's name, as proxies are told it.</param>
/// <param name="pods">Which proxies there have to be.</param>
/// <param name="metrics">Figures of all Canaries together.</param>
/// <param name="changed">Called with a Canary that somebody should look at; also for one that is gone.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where logs go.</param>
internal sealed class ClusterProxies(
    string controller, IProxyPods pods, ClusterProxyMetrics metrics, Action<string> changed, TimeProvider time, ILoggerFactory loggers)
    : IMetricSource, IProxyDirectory, IDisposable
{
    private readonly ConcurrentDictionary<string, CanaryProxies> _canaries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "proxy";

    /// <inheritdoc/>
    public IEnumerable<ProxyRoom> Rooms => _canaries.Values.Select(canary => canary.Room);

    /// <summary>A Canary is there. Its proxies are let in with its first <see cref="Apply"/>.</summary>
    /// <param name="key">The Canary.</param>
    /// <param name="wasAdopted">Whether it was under control before this replica led, so that its proxies may be on their way back.</param>
    /// <param name="reportInterval">How often its proxies report.</param>
    public void Add(string key, bool wasAdopted, TimeSpan reportInterval) => _canaries.GetOrAdd(key, _ => Make(key, wasAdopted, reportInterval));

    /// <summary>A Canary is gone, or another replica leads: its proxies serve on by what they have.</summary>
    public void Remove(string key)
    {
        if (_canaries.TryRemove(key, out var canary))
            canary.Dispose();
    }

    /// <summary>Tells a Canary's proxies where traffic goes.</summary>
    public void Apply(RouteOrder order) => Of(order.Canary.Key).Apply(order);

    /// <summary>How far that is in force.</summary>
    public TrafficSight Observe(string key)
    {
        var sight = Of(key).Room.Registry.Observe(key);
        var connected = sight.Proxies.Where(proxy => proxy.Connected).Select(proxy => proxy.Name).ToHashSet(StringComparer.Ordinal);
        // A pod that clients are led to and that we do not hear serves by some earlier word of ours, for as long as it lives.
        var unheard = pods.Serving(key).Where(pod => !connected.Contains(pod)).Order(StringComparer.Ordinal).ToList();
        if (unheard.Count == 0)
            return sight;
        var problem = $"{(unheard.Count == 1 ? "proxy" : "proxies")} {string.Join(", ", unheard)} may get requests and {(unheard.Count == 1 ? "is" : "are")} not connected";
        var told = sight.Traffic.Problem is { } other ? $"{problem}; {other}" : problem;
        return sight with { Traffic = sight.Traffic with { Acknowledged = null, Proxies = sight.Traffic.Proxies + unheard.Count, Problem = told } };
    }

    /// <summary>Whether every proxy of a Canary has its newest route, and that leads to pods.</summary>
    public bool IsInForce(string key) =>
        _canaries.TryGetValue(key, out var canary) && canary.LeadsToPods(key)
        && Observe(key).Traffic is { Proxies: > 0, Problem: null } traffic && traffic.ProxiesAcknowledged == traffic.Proxies;

    /// <inheritdoc/>
    public MetricReading Query(string key, CollectionPlan plan) => Of(key).Counts.Query(key, plan);

    /// <inheritdoc/>
    public void Settle(string key, DateTimeOffset through) => Of(key).Counts.Settle(key, through);

    /// <inheritdoc/>
    public ProxyRoom Find(Wire.Hello hello, ProxyCaller caller)
    {
        if (hello.Canary.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            throw Refusal(StatusCode.PermissionDenied, $"The proxy {hello.ProxyName} does not say whose it is. Start it with --canary namespace/name.");
        var expected = ProxyNames.UserOf(hello.Canary);
        if (caller.User != expected)
            throw Refusal(StatusCode.PermissionDenied, $"The token is that of {caller.User ?? "nobody"}; the proxies of Canary {hello.Canary} are {expected}.");
        if (!_canaries.TryGetValue(hello.Canary, out var canary) || !canary.IsOpen)
            throw Refusal(StatusCode.Unavailable, $"There is no Canary {hello.Canary} here yet.");
        return canary.Room;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _canaries.Keys)
            Remove(key);
    }

    private static RpcException Refusal(StatusCode status, string reason) => new(new Status(status, reason));

    private CanaryProxies Of(string key) => _canaries.TryGetValue(key, out var canary)
        ? canary
        : throw new InvalidOperationException($"Canary {key} has no proxies; add it first.");

    private CanaryProxies Make(string key, bool wasAdopted, TimeSpan reportInterval)
    {
        var source = new ProxyMetricSource(time, reportInterval, metrics.Reports, changed, loggers.CreateLogger<ProxyMetricSource>());
        var board = new SnapshotBoard(new MemorySnapshotLedger(time, wasAdopted), time);
        var registry = new ProxyRegistry(board, source, metrics.Distribution, time);
        registry.Changed += () => changed(key);
        return new CanaryProxies(board, new ProxyRoom(registry, new SessionFactory(controller, reportInterval, board, source, time), reportInterval), source);
    }
}
