using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// All endpoints of the proxy. They live across snapshots by route, revision, address and settings, so that health, ejections,
/// slow start and requests in flight survive a change of weights or of other endpoints. <see cref="Prepare"/> and
/// <see cref="Retain"/> one call at a time; the rest from any thread.
/// </summary>
internal sealed class EndpointBoard : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Agenda _agenda;
    private readonly UpstreamClients _clients;
    private IReadOnlyCollection<EndpointSet> _inForce = [];

    public EndpointBoard(TimeSpan connectTimeout, TimeProvider time, ILoggerFactory loggers)
    {
        (_time, _loggers) = (time, loggers);
        _agenda = new Agenda(time, loggers.CreateLogger<Agenda>());
        _clients = new UpstreamClients(connectTimeout, time);
    }

    /// <summary>Counters of every endpoint that may still count: in force, or with requests in flight.</summary>
    public IEnumerable<EndpointCounters> Counters => _inForce.SelectMany(set => set.Origins).Select(origin => origin.Counters);

    /// <summary>
    /// Makes what an arm of a valid snapshot will use, of endpoints that are there and new ones. Nothing that is in force
    /// changes, and new endpoints are not looked after until they are retained.
    /// </summary>
    public EndpointSet Prepare(RevisionCounters counters, Arm arm)
    {
        var settings = ArmSettings.Of(arm);
        var known = _inForce.FirstOrDefault(set => set.Group.Counters == counters && set.Group.Settings == settings);
        var group = known?.Group ?? new EndpointGroup(counters, settings, _agenda, _time, _loggers.CreateLogger<EndpointGroup>());
        var origins = known?.Origins.ToDictionary(origin => origin.Address, StringComparer.OrdinalIgnoreCase) ?? [];
        return new EndpointSet(group, [.. arm.Endpoints.Select(address => origins.GetValueOrDefault(address) ?? Make(address, group))]);
    }

    /// <summary>
    /// Puts sets in force: looks after what is new, and no more after what none of them uses, whose requests in flight go on.
    /// </summary>
    public void Retain(IReadOnlyCollection<EndpointSet> inForce)
    {
        _inForce = inForce;
        foreach (var set in inForce)
            set.Group.InForce = set;
    }

    public void Dispose()
    {
        _agenda.Dispose();
        _clients.Dispose();
    }

    private LiteralOrigin Make(string address, EndpointGroup group)
    {
        var counters = group.Counters.Endpoints.Of(address);
        var endpoint = new Endpoint(address, address, counters, _clients.For(group.Settings, new Uri(address)), group);
        return new LiteralOrigin(address, counters, endpoint);
    }
}
