using System.Net.Http.Json;
using System.Text.Json;

namespace MeshCanary.WeightChange;

/// <summary>The controller's API: asks for changes, and reads from the decision log when each was decided and done.</summary>
internal sealed class RolloutClient(Uri api, TimeProvider time) : IDisposable
{
    /// <summary>The Canary of weight-change.sh.</summary>
    public const string Canary = "default/bench";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http = new() { BaseAddress = new Uri(api, $"/api/v1/canaries/{Canary}/") };
    private long _last;

    /// <summary>Returns when the controller answers.</summary>
    public Task AnswersAsync(CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            try
            {
                await EventsAsync(cancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "The controller does not answer",
        cancellationToken);

    /// <summary>Announces the version whose weight is then changed.</summary>
    public Task AnnounceAsync(Uri address, CancellationToken cancellationToken) =>
        PostAsync("revisions", new { revision = "v2", addresses = new[] { address.GetLeftPart(UriPartial.Authority) } }, cancellationToken);

    /// <summary>Asks for an action.</summary>
    public Task ActAsync(string action, CancellationToken cancellationToken) => PostAsync("actions", new { action }, cancellationToken);

    /// <summary>Waits for the next two events of these kinds: milliseconds between them, by the controller's clock.</summary>
    public async Task<double> TakesAsync(string first, string last, CancellationToken cancellationToken)
    {
        DateTimeOffset? from = null, to = null;
        await UntilAsync(
            async () =>
            {
                foreach (var entry in await EventsAsync(cancellationToken))
                {
                    _last = entry.Id;
                    if (entry.Kind == first)
                        from = entry.At;
                    if (entry.Kind == last)
                        to = entry.At;
                }

                return from is not null && to is not null;
            },
            $"The controller does not tell {first} and {last}",
            cancellationToken);
        return (to!.Value - from!.Value).TotalMilliseconds;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Entry[]> EventsAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync<Entry[]>($"events?after={_last}", JsonSerializerOptions.Web, cancellationToken) ?? [];

    private async Task PostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The controller refused {path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        var began = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{otherwise} within {Patience.TotalSeconds} s.");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private sealed record Entry(long Id, DateTimeOffset At, string Kind);
}
