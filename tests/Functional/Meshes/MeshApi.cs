using System.Net.Http.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>The controller's JSON API as a user's tool would call it.</summary>
internal sealed class MeshApi(Uri server) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly HttpClient _client = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };

    public async Task<CanaryView> GetAsync(string name, CancellationToken cancellation) =>
        await _client.GetFromJsonAsync<CanaryView>($"/api/v1/canaries/shop/{name}", ApiJson.Options, cancellation)
        ?? throw new InvalidOperationException("The API answered null.");

    public async Task AnnounceAsync(string name, string revision, Uri address, CancellationToken cancellation)
    {
        using var answer = await _client.PostAsJsonAsync(
            $"/api/v1/canaries/shop/{name}/revisions",
            new RevisionRequest(revision, [address.AbsoluteUri.TrimEnd('/')]), ApiJson.Options, cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    public async Task<IReadOnlyList<EventView>> EventsAsync(string name, CancellationToken cancellation) =>
        await _client.GetFromJsonAsync<List<EventView>>($"/api/v1/canaries/shop/{name}/events?after=0", ApiJson.Options, cancellation)
        ?? throw new InvalidOperationException("The API answered null.");

    public async Task<RunRecord> RecordAsync(string name, string run, CancellationToken cancellation) =>
        await _client.GetFromJsonAsync<RunRecord>($"/api/v1/canaries/shop/{name}/runs/{run}/record", ApiJson.Options, cancellation)
        ?? throw new InvalidOperationException("The API answered null.");

    public async Task UntilAsync(
        string name, Func<CanaryView, bool> condition, string because, Func<string> describe, CancellationToken cancellation)
    {
        CanaryView? last = null;
        await Eventually.TrueAsync(
            async () => condition(last = await GetAsync(name, cancellation)),
            Deadline, because, () => $"{Summary(last)}\n{describe()}", cancellation);
    }

    public void Dispose() => _client.Dispose();

    private static string Summary(CanaryView? view) => view is null
        ? "the API never answered"
        : $"phase {view.Phase}, stable {view.Stable.Name}, run {view.Run?.Id} of {view.Run?.Canary.Name} at step {view.Run?.Step} "
            + $"({view.Run?.Outcome}: {view.Run?.Reason}), weight {view.Weight}, waits for {view.WaitingFor?.What}, "
            + $"verdict {view.Verdict?.Kind}: {view.Verdict?.Reason}";
}
