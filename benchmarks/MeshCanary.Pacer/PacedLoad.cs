using System.Diagnostics;
using System.Text;

namespace MeshCanary.Pacer;

/// <summary>
/// Requests that come by chance at a given rate, as those of many people do (a Poisson process; the same instants in every run),
/// however long the answers take. A request's time counts from the moment at which it was due, so that a slow answer does not hide
/// those that had to wait for it. One thread, which never sleeps: what it measures is not its own waking up.
/// </summary>
internal sealed class PacedLoad : IDisposable
{
    private const int Seed = 20231;

    private readonly PaceOptions _options;
    private readonly byte[] _request;
    private readonly Queue<PacedConnection> _idle;
    private readonly PacedConnection[] _busy;
    private readonly long[] _due;
    private int _running;
    private int _done;

    public PacedLoad(PaceOptions options)
    {
        _options = options;
        _request = Encoding.ASCII.GetBytes($"GET {options.Target.PathAndQuery} HTTP/1.1\r\nHost: {options.Target.Authority}\r\n\r\n");
        _idle = new Queue<PacedConnection>(options.Connections);
        _busy = new PacedConnection[options.Connections];
        for (var i = 0; i < options.Connections; i++)
            _idle.Enqueue(new PacedConnection(options.Target));
        _due = Arrivals(options);
        Results = new (long Due, int Status, long Took)[_due.Length];
    }

    /// <summary>Each request in the order of the answers: due and took in ticks of the clock.</summary>
    public (long Due, int Status, long Took)[] Results { get; }

    /// <summary>Makes the load.</summary>
    public void Run()
    {
        var begin = Stopwatch.GetTimestamp();
        var next = 0;
        while (_done < _due.Length)
        {
            while (next < _due.Length && begin + _due[next] <= Stopwatch.GetTimestamp() && _idle.TryDequeue(out var free))
            {
                free.Send(_request, begin + _due[next++]);
                _busy[_running++] = free;
            }

            if (!Collect() && _options.Yields)
                Thread.Yield();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _idle.Concat(_busy.Take(_running)))
            connection.Dispose();
    }

    private bool Collect()
    {
        var any = false;
        for (var i = _running - 1; i >= 0; i--)
        {
            var connection = _busy[i];
            var status = connection.Receive();
            if (status == 0)
                continue;
            Results[_done++] = (connection.Due, status, Stopwatch.GetTimestamp() - connection.Due);
            _idle.Enqueue(connection);
            _busy[i] = _busy[--_running];
            any = true;
        }

        return any;
    }

    private static long[] Arrivals(PaceOptions options)
    {
        var chance = new Random(Seed);
        var due = new List<long>();
        for (var at = 0.0; at < options.Seconds; at -= Math.Log(1 - chance.NextDouble()) / options.Rate)
            due.Add((long)(at * Stopwatch.Frequency));
        return [.. due];
    }
}
