using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.TestCluster.Load;

/// <summary>Clients of a Service that count what becomes of every request. Safe to use from several threads.</summary>
public sealed class ServiceLoad : IAsyncDisposable
{
    private readonly LoadPlan _plan;
    private readonly TimeProvider _time;
    private readonly byte[] _request;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<LoadSample> _samples = new();
    private readonly Task _work;
    private int _repeated;

    private ServiceLoad(LoadPlan plan, TimeProvider time)
    {
        (_plan, _time, _start) = (plan, time, time.GetTimestamp());
        var headers = string.Concat(plan.Headers.Select(line => line + "\r\n"));
        _request = Encoding.ASCII.GetBytes($"GET {plan.Address.PathAndQuery} HTTP/1.1\r\nHost: {plan.Address.Authority}\r\n{headers}\r\n");
        _work = Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(number => Task.Run(() => RunAsync(number))));
    }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>What became of all requests that have ended.</summary>
    public LoadReport Report => new([.. _samples], Volatile.Read(ref _repeated));

    /// <summary>Starts it.</summary>
    /// <param name="plan">What load to make.</param>
    /// <param name="time">The clock.</param>
    public static ServiceLoad Start(LoadPlan plan, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(time);
        return new ServiceLoad(plan, time);
    }

    /// <summary>Sends no more, and waits for the answers that are due.</summary>
    /// <returns>What became of all requests.</returns>
    public async Task<LoadReport> StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
        return Report;
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(int number)
    {
        var period = TimeSpan.FromSeconds((double)_plan.Connections / _plan.RequestsPerSecond);

        // Clients that all ask in the same instant would ask in bursts.
        var next = period * ((double)number / _plan.Connections);
        WireConnection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            // Looked at once: the moment may pass between two looks.
            if (next - Elapsed is var left && left > TimeSpan.Zero)
                await Task.Delay(left, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested)
                break;

            connection = await AskAsync(connection);
            if (connection is not null && (connection.IsLast || connection.Answers >= _plan.RequestsPerConnection))
            {
                connection.Dispose();
                connection = null;
            }

            // What could not be sent in time is not made up for: that would be a burst.
            next += period;
            if (next < Elapsed)
                next = Elapsed;
        }

        connection?.Dispose();
    }

    // The connection to go on with, or null.
    private async Task<WireConnection?> AskAsync(WireConnection? connection)
    {
        var at = Elapsed;
        using var limit = new CancellationTokenSource(_plan.Timeout, _time);
        while (true)
        {
            var outcome = LoadOutcome.Refused;
            try
            {
                if (connection is null)
                {
                    connection = new WireConnection();
                    await connection.OpenAsync(_plan.Address, limit.Token);
                }

                outcome = LoadOutcome.Broken;
                var (status, headers) = await connection.AskAsync(_request, limit.Token);
                Note(at, status is 502 or 503 or 504 ? LoadOutcome.Unavailable : LoadOutcome.Answered, status,
                    headers.GetValueOrDefault("x-version", ""), headers.GetValueOrDefault("x-instance", ""), "");
                return connection;
            }
            catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or FormatException)
            {
                var again = connection is { Answers: > 0, HasBegun: false } && failure is not OperationCanceledException;
                connection?.Dispose();
                connection = null;
                if (again)
                {
                    Interlocked.Increment(ref _repeated);
                    continue;
                }

                Note(at, failure is OperationCanceledException ? LoadOutcome.TimedOut : outcome, 0, "", "", failure.Message);
                return null;
            }
        }
    }

    private void Note(TimeSpan at, LoadOutcome outcome, int status, string version, string instance, string failure) =>
        _samples.Enqueue(new LoadSample(at, Elapsed - at, outcome, status, version, instance, failure));
}
