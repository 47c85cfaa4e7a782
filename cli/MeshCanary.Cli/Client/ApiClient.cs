using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Api;

namespace MeshCanary.Cli.Client;

/// <summary>Talks to a server's JSON API, and turns whatever goes wrong into words.</summary>
internal sealed class ApiClient(HttpClient http) : IDisposable
{
    private const string Root = "api/v1/canaries";

    /// <summary>The server's address.</summary>
    public Uri Server => http.BaseAddress!;

    /// <summary>A client of the server at an address.</summary>
    public static ApiClient For(Uri server) => new(new HttpClient(new SocketsHttpHandler { UseCookies = false })
    {
        BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"),
        Timeout = TimeSpan.FromSeconds(30),
    });

    /// <summary>All Canaries.</summary>
    public async Task<IReadOnlyList<CanaryView>> ListAsync(CancellationToken cancellationToken) =>
        await GetAsync<IReadOnlyList<CanaryView>>(Root, cancellationToken).ConfigureAwait(false);

    /// <summary>One Canary.</summary>
    public Task<CanaryView> GetAsync(CanaryName name, CancellationToken cancellationToken) =>
        GetAsync<CanaryView>(PathOf(name), cancellationToken);

    /// <summary>Entries of the decision log after <paramref name="after"/>, oldest first.</summary>
    public async Task<IReadOnlyList<EventView>> EventsAsync(CanaryName name, long after, CancellationToken cancellationToken) =>
        await GetAsync<IReadOnlyList<EventView>>($"{PathOf(name)}/events?after={after}", cancellationToken).ConfigureAwait(false);

    /// <summary>The verdict record of a run, as the server wrote it.</summary>
    public async Task<byte[]> RecordAsync(CanaryName name, string run, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{PathOf(name)}/runs/{Uri.EscapeDataString(run)}/record", null, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Announces the version that should run; <paramref name="force"/> also when none of its endpoints answers.</summary>
    public async Task AnnounceAsync(CanaryName name, RevisionRequest revision, bool force, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(revision, options: ApiJson.Options);
        using var response = await SendAsync(HttpMethod.Post, $"{PathOf(name)}/revisions{(force ? "?force=true" : "")}", body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for an action.</summary>
    public async Task ActAsync(CanaryName name, ActionRequest action, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(action, options: ApiJson.Options);
        using var response = await SendAsync(HttpMethod.Post, $"{PathOf(name)}/actions", body, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static string PathOf(CanaryName name) =>
        $"{Root}/{Uri.EscapeDataString(name.Namespace)}/{Uri.EscapeDataString(name.Name)}";

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException failure)
        {
            throw new CommandFailure(
                $"{new Uri(Server, path)} did not answer as a MeshCanary server does: {failure.Message}",
                "check that --server names a MeshCanary API of this version.",
                cause: failure);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await RefusalAsync(request, response, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw new ServerUnreachable(Server, failure.InnerException?.Message ?? failure.Message, failure);
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnreachable(Server, "no answer in time", failure);
        }
    }

    private static async Task<CommandFailure> RefusalAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.UnprocessableEntity => "start the version first, correct the address, or announce it anyway with --force.",
            HttpStatusCode.NotFound => "see 'meshcanary get' for what the server knows.",
            HttpStatusCode.Conflict => "see 'meshcanary status NAME' for where the rollout stands.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "ask whoever runs the server for access.",
            _ => "",
        };
        return new CommandFailure(
            Problem.Read(text) ?? $"The server refused {request.Method} {request.RequestUri} with {(int)response.StatusCode} {response.ReasonPhrase}.", remedy);
    }
}
