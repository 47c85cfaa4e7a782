using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using k8s;
using MeshCanary.Machinery.Metrics;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Calling;

/// <summary>
/// Calls to one API server. KubernetesClient gives address, credentials and TLS; requests and answers are plain HTTP and JSON, since
/// its own calls decode a list as a whole and have no time limit. Thread-safe. Every failure but a cancellation is an <see cref="ApiException"/>.
/// </summary>
public sealed class KubernetesApi
{
    private const int Attempts = 4;
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private static readonly TimeSpan LongestRequestedPause = TimeSpan.FromSeconds(30);

    private readonly Kubernetes _client;
    private readonly ApiMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Func<bool> _mayWrite;

    internal KubernetesApi(Kubernetes client, ApiMetrics metrics, TimeProvider time, Func<bool> mayWrite)
    {
        _client = client;
        _metrics = metrics;
        _time = time;
        _mayWrite = mayWrite;
    }

    /// <summary>Makes a call and reads its answer as JSON. Tries again where that is safe, with growing pauses.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer; the caller disposes it.</returns>
    /// <exception cref="ApiException">It failed.</exception>
    public async Task<JsonDocument> ReadAsync(ApiRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await ReadOnceAsync(request, cancellation);
            }
            catch (ApiException error) when (failures < Attempts && (error.IsUndone || (request.IsIdempotent && error.IsTransient)))
            {
                var pause = error.RetryAfter is { } asked && asked < LongestRequestedPause ? asked : Pauses.After(failures, Random.Shared.NextDouble());
                await Task.Delay(pause, _time, cancellation);
            }
        }
    }

    /// <summary>Makes a call once.</summary>
    internal async Task<JsonDocument> ReadOnceAsync(ApiRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(request.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var start = _time.GetTimestamp();
        try
        {
            using var response = await SendAsync(request, either.Token);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await JsonDocument.ParseAsync(body, ObjectJson.DocumentOptions, either.Token);
        }
        catch (JsonException error)
        {
            throw new ApiException(ApiErrorKind.Garbled, request.Call, $"the answer is no JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Away(request, error);
        }
        finally
        {
            _metrics.Duration.WithLabels(request.Verb, request.Type?.Plural ?? "").Observe(_time.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>Opens a stream that goes on: a watch. The time limit holds for the headers only.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancellation">Ends it, headers or body.</param>
    internal async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(request.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var start = _time.GetTimestamp();
        try
        {
            return await SendAsync(request, either.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Away(request, error);
        }
        finally
        {
            _metrics.Duration.WithLabels(request.Verb, request.Type?.Plural ?? "").Observe(_time.GetElapsedTime(start).TotalSeconds);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellation)
    {
        var code = "none";
        try
        {
            using var message = new HttpRequestMessage(request.Method, new Uri(_client.BaseUri, request.Address()))
            {
                Version = HttpVersion.Version20,
                Content = request.Body is null ? null : new StringContent(request.Body, Encoding.UTF8, request.ContentType),
            };
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
            if (_client.Credentials is { } credentials)
                await credentials.ProcessHttpRequestAsync(message, cancellation);
            // A process that stood still learns of the end of its term here, before its timers tell it.
            if (request.Method != HttpMethod.Get && !_mayWrite())
                throw new ApiException(ApiErrorKind.Conflict, request.Call, "not sent, since this process does not lead any more");
            var response = await _client.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await ApiErrors.ReadAsync(request.Call, response, _time, cancellation);
        }
        finally
        {
            _metrics.Requests.WithLabels(request.Verb, request.Type?.Plural ?? "", code).Inc();
        }
    }

    private static ApiException Away(ApiRequest request, Exception error) => new(
        ApiErrorKind.ServerAway,
        request.Call,
        error is OperationCanceledException ? $"no answer within {request.Timeout.TotalSeconds:0.#} s" : $"no answer: {error.Message}",
        error);
}
