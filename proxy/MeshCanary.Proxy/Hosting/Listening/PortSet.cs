using System.Net;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>The open ports. They can be changed while they serve: those that stay are not touched.</summary>
internal sealed partial class PortSet(PortSetup setup, HandOverEndPoint cleartext, HandOverEndPoint tls, Func<TimeSpan> drainLimit) : IAsyncDisposable
{
    private readonly Lock _calm = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _hurry = new();
    private List<OpenPort> _open = [];
    private List<Task> _draining = [];
    private bool _isClosed;
    private volatile bool _anyDraining;
    private volatile bool _allDraining;

    /// <summary>Whether the answers of HTTP/1.1 on some connection have to say that it ends.</summary>
    public bool AnyDraining => _anyDraining;

    /// <summary>Whether those of all connections have to.</summary>
    public bool AllDraining => _allDraining;

    /// <summary>The addresses without TLS, with the ports that were taken, in the order in which they were asked for.</summary>
    public IReadOnlyList<IPEndPoint> Cleartext => [.. Volatile.Read(ref _open).Where(port => port.IsFor(cleartext)).Select(port => port.Address)];

    /// <summary>The addresses with TLS.</summary>
    public IReadOnlyList<IPEndPoint> Tls => [.. Volatile.Read(ref _open).Where(port => port.IsFor(tls)).Select(port => port.Address)];

    /// <summary>Opens what is new and closes what is gone: all that is new, or nothing is changed.</summary>
    /// <exception cref="IOException">An address cannot be listened on; the message names it.</exception>
    public async Task ChangeAsync(IReadOnlyList<IPEndPoint> cleartextAddresses, IReadOnlyList<IPEndPoint> tlsAddresses, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_isClosed)
                return;
            var before = _open.ToList();
            (IPEndPoint Address, HandOverEndPoint Endpoint)[] wanted =
                [.. cleartextAddresses.Select(address => (address, cleartext)), .. tlsAddresses.Select(address => (address, tls))];
            var kept = wanted.Select(it => Take(before, it.Address, it.Endpoint)).ToArray();
            if (before.Find(port => wanted.Any(it => it.Address.Equals(port.Requested) && it.Address.Port != 0)) is { } swapped)
                throw new IOException($"{swapped.Requested} cannot change between TLS and cleartext while it is open. Use another port, or restart the proxy.");
            var opened = new List<OpenPort>();
            try
            {
                for (var i = 0; i < wanted.Length; i++)
                    opened.Add(kept[i] ?? await OpenAsync(wanted[i].Address, wanted[i].Endpoint, cancellationToken));
            }
            catch (IOException)
            {
                await Task.WhenAll(opened.Except(kept).Select(port => port!.DrainAsync(TimeSpan.Zero, _hurry.Token)));
                throw;
            }

            Volatile.Write(ref _open, opened);
            Drain(before);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The proxy is about to stop: HTTP/1.1 clients are told with each answer to go elsewhere.</summary>
    public void Announce()
    {
        lock (_calm)
            _anyDraining = _allDraining = true;
    }

    /// <summary>Takes no new connection on any port.</summary>
    public async Task StopListeningAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            Announce();
            _isClosed = true;
            await Task.WhenAll(_open.Select(port => port.StopListeningAsync()));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends all of it: the server has ended its connections by now.</summary>
    public async ValueTask DisposeAsync()
    {
        await _hurry.CancelAsync();
        await Task.WhenAll(_draining);
        foreach (var port in _open)
            await port.DisposeAsync();
        _hurry.Dispose();
        _gate.Dispose();
    }

    private static OpenPort? Take(List<OpenPort> ports, IPEndPoint address, HandOverEndPoint endpoint)
    {
        var found = ports.Find(port => port.IsFor(endpoint) && port.Requested.Equals(address));
        if (found is not null)
            ports.Remove(found);
        return found;
    }

    private async Task<OpenPort> OpenAsync(IPEndPoint address, HandOverEndPoint endpoint, CancellationToken cancellationToken)
    {
        var port = new OpenPort(address, endpoint, setup);
        if (endpoint == tls && setup.Http3 is not null)
        {
            try
            {
                await port.SpeakHttp3Async(cancellationToken);
            }
            catch
            {
                await port.DrainAsync(TimeSpan.Zero, _hurry.Token);
                throw;
            }
        }

        LogOpened(setup.Logger, port.Address, endpoint);
        return port;
    }

    private void Drain(List<OpenPort> gone)
    {
        if (gone.Count == 0)
            return;
        lock (_calm)
        {
            _anyDraining = true;
            _draining = [.. _draining.Where(it => !it.IsCompleted), .. gone.Select(port => port.DrainAsync(drainLimit(), _hurry.Token))];
            _ = CalmAsync([.. _draining]);
        }
    }

    private async Task CalmAsync(Task[] drains)
    {
        await Task.WhenAll(drains);
        lock (_calm)
        {
            if (!_allDraining && _draining.TrueForAll(it => it.IsCompleted))
                _anyDraining = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Address} ({Endpoint}).")]
    private static partial void LogOpened(ILogger logger, IPEndPoint address, HandOverEndPoint endpoint);
}
