using System.Net;
using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Hosting;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Splitting.Weights;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>
/// The half of the controller that gives snapshots to proxies and takes their reports, with the test in the place of the
/// decisions, and real proxies. So a hundred changes take as long as their acknowledgements.
/// </summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Teardown _teardown;
    private readonly SnapshotBoard _board;
    private readonly ProxyRegistry _registry;

    private ControlPlane(Teardown teardown, SnapshotBoard board, ProxyRegistry registry, ReportBook reports) =>
        (_teardown, _board, _registry, Reports) = (teardown, board, registry, reports);

    /// <summary>All reports.</summary>
    public ReportBook Reports { get; }

    /// <summary>The proxies.</summary>
    public IReadOnlyList<ProxyProcess> Proxies { get; private set; } = [];

    /// <summary>The newest version.</summary>
    public long Version => _board.Current!.Version;

    /// <summary>What each proxy answered, by name.</summary>
    public IReadOnlyList<MeshCanary.Controller.Api.ProxyView> Views => _registry.Views;

    /// <summary>Starts it with routes in force at every proxy.</summary>
    /// <param name="proxies">How many proxies.</param>
    /// <param name="routes">What they get first.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="through">Given the controller's address, what proxies are to connect to in its place.</param>
    public static async Task<ControlPlane> StartAsync(
        int proxies, IEnumerable<Wire.Route> routes, CancellationToken cancellation, Func<Uri, Task<Uri>>? through = null)
    {
        var teardown = new Teardown();
        try
        {
            var folder = teardown.Add(new TempFolder());
            var time = TimeProvider.System;
            var ledger = new SnapshotLedger(teardown.Add(StateDatabase.Open(folder.PathOf("state.db"))));
            var (board, reports) = (new SnapshotBoard(ledger, time), new ReportBook());
            var metrics = new DistributionMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
            var registry = teardown.Add(new ProxyRegistry(board, reports, metrics, time));
            var plane = new ControlPlane(teardown, board, registry, reports);
            foreach (var route in routes)
                plane.Publish(route);
            board.Open();
            var sessions = new SessionFactory(ledger.ControllerId(), TimeSpan.FromMilliseconds(100), board, reports, time);
            var room = new ProxyRoom(registry, sessions, TimeSpan.FromMilliseconds(100));
            var parts = new ControlParts(new SoleController(), new TokenGate(null), new SharedConfiguration(room), time);
            var host = teardown.Add(await ControlHost.StartAsync(
                new IPEndPoint(IPAddress.Loopback, 0), secure: null, parts, NullLoggerFactory.Instance, cancellation));
            registry.Open();
            var controller = new Uri($"http://{host.Address}");
            if (through is not null)
                controller = await through(controller);
            plane.Proxies = await Task.WhenAll(Enumerable.Range(0, proxies)
                .Select(index => ProxyProcess.StartAsync($"proxy-{index}", controller, cancellation)));
            foreach (var proxy in plane.Proxies)
                teardown.Add(proxy);
            await plane.AcknowledgedAsync(cancellation);
            return plane;
        }
        catch
        {
            await teardown.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives out a route, and returns before anybody has it.</summary>
    public void Publish(Wire.Route route) => _board.Set(route.Name, new PublishedRoute(PlanOf(route), route.Clone()));

    /// <summary>Gives out a route and waits until every proxy has acknowledged it.</summary>
    public async Task ApplyAsync(Wire.Route route, CancellationToken cancellation)
    {
        Publish(route);
        await AcknowledgedAsync(cancellation);
    }

    /// <summary>Waits until every proxy has acknowledged the newest snapshot.</summary>
    public Task AcknowledgedAsync(CancellationToken cancellation) => UntilAsync(
        () => _registry.Sessions.Count == Proxies.Count && _registry.Sessions.All(session => session.Acknowledged >= Version),
        "every proxy acknowledges the newest snapshot", cancellation);

    /// <summary>Waits, and shows what there is when it waits in vain.</summary>
    public Task UntilAsync(Func<bool> condition, string because, CancellationToken cancellation) =>
        Eventually.TrueAsync(condition, Deadline, because, Describe, cancellation);

    /// <summary>What proxies answered and said.</summary>
    public string Describe() => string.Join('\n', [$"version {Version}", .. Views.Select(view => $"{view}"), .. Proxies.Select(proxy => proxy.Describe())]);

    public async ValueTask DisposeAsync() => await _teardown.DisposeAsync();

    private static TrafficPlan PlanOf(Wire.Route route) => new()
    {
        Stable = RevisionOf(route.Stable),
        Canary = route.Canary is null ? null : RevisionOf(route.Canary),
        CanaryWeight = new BasisPoints((int)route.CanaryWeight),
    };

    private static Revision RevisionOf(Wire.Arm arm) => new() { Name = arm.Revision, Addresses = [.. arm.Endpoints] };
}
