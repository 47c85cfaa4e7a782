using System.Net;

namespace MeshCanary.Testing.Load;

/// <summary>
/// Sends requests at a steady rate with a bounded number in flight, and counts what becomes of each: every request
/// ends as an answer of a version or as lost. A target that is too slow for the rate gets fewer requests, not a burst
/// later.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    private readonly LoadPlan _plan;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LoadTally _tally = new();
    private readonly Task _workers;

    private LoadGenerator(LoadPlan plan)
    {
        _plan = plan;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        })
        {
            Timeout = plan.Timeout,
        };
        _workers = Task.WhenAll(Enumerable.Range(0, plan.Workers).Select(worker => Task.Run(() => WorkAsync(worker))));
    }

    /// <summary>What became of the requests so far.</summary>
    public LoadTotals Totals => _tally.Totals;

    /// <summary>Starts the load.</summary>
    public static LoadGenerator Start(LoadPlan plan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Workers, 1);
        if (!(plan.RequestsPerSecond > 0))
            throw new ArgumentOutOfRangeException(nameof(plan), plan.RequestsPerSecond, "The rate must be positive.");

        return new LoadGenerator(plan);
    }

    /// <summary>Begins no more requests and waits for those in flight, so that none is cut off by the stop itself.</summary>
    /// <returns>The totals, in which every request sent is answered or lost.</returns>
    public async Task<LoadTotals> StopAsync()
    {
        await _stopping.CancelAsync();
        await _workers;
        return Totals;
    }

    /// <summary>Stops and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task WorkAsync(int worker)
    {
        // Each worker keeps every n-th slot of the common schedule.
        var slot = TimeSpan.FromSeconds(1 / _plan.RequestsPerSecond);
        var start = TimeProvider.System.GetTimestamp();
        var due = slot * worker;
        while (await WaitAsync(due - TimeProvider.System.GetElapsedTime(start)))
        {
            await SendAsync(_tally.Sent());

            var now = TimeProvider.System.GetElapsedTime(start);
            due += slot * _plan.Workers;
            if (due < now)
                due = now;
        }
    }

    private async Task<bool> WaitAsync(TimeSpan time)
    {
        try
        {
            if (time > TimeSpan.Zero)
                await Task.Delay(time, TimeProvider.System, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return !_stopping.IsCancellationRequested;
    }

    private async Task SendAsync(long number)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _plan.Target) { Version = _plan.Protocol, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            _plan.Prepare?.Invoke(request, number);

            // Reads the body too: an answer that breaks off is a lost request.
            using var response = await _client.SendAsync(request);
            var version = response.Headers.TryGetValues("x-version", out var values) ? values.First() : LoadTotals.NoVersion;
            var succeeded = response.StatusCode < HttpStatusCode.BadRequest;
            _tally.Answered(version, succeeded);
            if (!succeeded && version == LoadTotals.NoVersion)
                _tally.Explain($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            _tally.Lost(error.InnerException is { } inner ? $"{error.Message} ({inner.Message})" : error.Message);
        }
    }
}
