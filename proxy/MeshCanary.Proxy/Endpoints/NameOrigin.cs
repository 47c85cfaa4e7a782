using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// A host name: each of its addresses is an endpoint, counted under the name. It is resolved at once and again and again;
/// when that fails, what was known stays.
/// </summary>
internal sealed partial class NameOrigin : Origin
{
    // The system's resolver asks its servers for longer than anyone wants to know.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly EndpointMaker _maker;
    private readonly EndpointGroup _group;
    private readonly string _host;
    private readonly ILogger _logger;
    private readonly Endpoint _unresolved;
    private readonly Dictionary<IPAddress, Endpoint> _byAddress = [];
    private volatile Endpoint[] _endpoints;
    private volatile string _fault = "";
    private readonly Repetition _rounds;

    public NameOrigin(string address, EndpointCounters counters, EndpointMaker maker, EndpointGroup group)
        : base(address, counters)
    {
        (_maker, _group) = (maker, group);
        _host = new Uri(address).IdnHost;
        _logger = group.Tools.Loggers.CreateLogger<NameOrigin>();
        _unresolved = maker.Unresolved(address, counters, group);
        _endpoints = [_unresolved];
        _rounds = new Repetition(group.Tools, group.Tools.ResolveInterval, ResolveAsync);
    }

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    public override EndpointStatus Status
    {
        get
        {
            var endpoints = _endpoints;
            if (endpoints.Any(endpoint => endpoint.IsReady))
                return new EndpointStatus(Address, true, "");
            var (first, fault) = (endpoints[0], _fault);
            if (first == _unresolved)
                return new EndpointStatus(Address, false, fault.Length == 0 ? first.Obstacle : fault);
            return new EndpointStatus(Address, false, $"{first.Prefix}: {first.Obstacle}{(fault.Length == 0 ? "" : "; ")}{fault}");
        }
    }

    public override void Start() => _group.Change(() =>
    {
        _rounds.Start();
        foreach (var endpoint in _endpoints)
            endpoint.Probing?.Start();
    });

    public override void Stop() => _group.Change(() =>
    {
        _rounds.Stop();
        foreach (var endpoint in _endpoints)
            endpoint.Probing?.Stop();
    });

    private async Task<bool> ResolveAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, _group.Tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var answer = await _group.Tools.Names.ResolveAsync(_host, either.Token);
            // An address of a link means nothing without the link.
            IPAddress[] addresses = [.. answer.Where(address => !address.IsIPv6LinkLocal).Distinct()];
            _group.Change(() => Take(addresses, stop));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _group.Change(() => Keep($"no answer within {Limit.TotalSeconds} s", stop));
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            _group.Change(() => Keep(failure.Message.TrimEnd('.'), stop));
        }

        return true;
    }

    private void Take(IPAddress[] addresses, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return;
        if (addresses.Length == 0)
        {
            Keep("it has no address", stop);
            return;
        }

        if (_fault.Length > 0)
            LogResolved(_group.Counters.Route, _group.Counters.Revision, Address);
        _fault = "";
        if (_byAddress.Count == addresses.Length && addresses.All(_byAddress.ContainsKey))
            return;

        if (_byAddress.Count == 0)
            _group.Tools.Leaving.Add(_unresolved);
        foreach (var gone in _byAddress.Keys.Except(addresses).ToList())
        {
            _byAddress.Remove(gone, out var endpoint);
            endpoint!.Probing?.Stop();
            _group.Tools.Leaving.Add(endpoint);
        }

        foreach (var added in addresses.Except(_byAddress.Keys).ToList())
        {
            var endpoint = _maker.Resolved(Address, added, Counters, _group);
            _byAddress.Add(added, endpoint);
            endpoint.Probing?.Start();
        }

        _endpoints = [.. _byAddress.Values];
        _group.Changed();
        LogAddresses(_group.Counters.Route, _group.Counters.Revision, Address, addresses);
    }

    private void Keep(string reason, CancellationToken stop)
    {
        var fault = $"its name '{_host}' cannot be resolved: {reason}";
        if (stop.IsCancellationRequested || fault == _fault)
            return;
        _fault = fault;
        if (_byAddress.Count == 0)
            LogUnresolved(_group.Counters.Route, _group.Counters.Revision, Address, reason);
        else
            LogKept(_group.Counters.Route, _group.Counters.Revision, Address, reason, _byAddress.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route}, revision {Revision}: {Address} stands for {Addresses}.")]
    private partial void LogAddresses(string route, string revision, string address, IEnumerable<IPAddress> addresses);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Route}, revision {Revision}: the name of {Address} can be resolved again.")]
    private partial void LogResolved(string route, string revision, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: the name of {Address} cannot be resolved: {Reason}. It gets no requests until it can be. See whether the name is right and the name server answers.")]
    private partial void LogUnresolved(string route, string revision, string address, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: the name of {Address} cannot be resolved any more: {Reason}. Its last {Known} addresses stay in use. See whether the name server answers.")]
    private partial void LogKept(string route, string revision, string address, string reason, int known);
}
