using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>
/// A bounded load: a fixed number of users who each wait for their answer before they ask again, at a target rate all
/// together. Under a slow service the rate falls; it never piles up.
/// </summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private const int Users = 64;
    private const string VersionHeader = "x-version";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly Uri _target;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _answers = [];
    private readonly ConcurrentDictionary<string, long> _failures = [];
    private readonly ConcurrentDictionary<string, long> _lost = [];
    private readonly Task _users;

    /// <summary>Begins at once.</summary>
    public LoadGenerator(Uri target, int rate, TimeProvider time)
    {
        (_target, _time) = (target, time);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = Patience };
        var period = TimeSpan.FromSeconds((double)Users / rate);
        _users = Task.WhenAll(Enumerable.Range(0, Users).Select(user => BrowseAsync(period, period * user / Users)));
    }

    /// <summary>What the users saw so far.</summary>
    public LoadTotals Totals()
    {
        var answers = _answers.ToImmutableSortedDictionary();
        var lost = _lost.ToImmutableSortedDictionary();
        return new LoadTotals
        {
            Requests = answers.Values.Sum() + lost.Values.Sum(),
            Lost = lost.Values.Sum(),
            LostBy = lost,
            Answers = answers,
            Failures = _failures.ToImmutableSortedDictionary(),
        };
    }

    /// <summary>Starts no new request and waits for the answers that are due.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _users.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task BrowseAsync(TimeSpan period, TimeSpan offset)
    {
        try
        {
            await Task.Delay(offset, _time, _stop.Token).ConfigureAwait(false);
            while (true)
            {
                var begun = _time.GetTimestamp();
                await AskAsync().ConfigureAwait(false);
                var left = period - _time.GetElapsedTime(begun);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the load; no request was in flight here.
        }
    }

    private async Task AskAsync()
    {
        try
        {
            using var response = await _http.GetAsync(_target, CancellationToken.None).ConfigureAwait(false);
            if (!response.Headers.TryGetValues(VersionHeader, out var versions))
            {
                Count(_lost, $"HTTP {(int)response.StatusCode} from the proxy");
                return;
            }

            var version = versions.First();
            Count(_answers, version);
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
                Count(_failures, version);
        }
        catch (HttpRequestException failure)
        {
            Count(_lost, failure.InnerException?.Message ?? failure.Message);
        }
        catch (TaskCanceledException)
        {
            Count(_lost, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static void Count(ConcurrentDictionary<string, long> counts, string key) => counts.AddOrUpdate(key, 1, static (_, count) => count + 1);
}
