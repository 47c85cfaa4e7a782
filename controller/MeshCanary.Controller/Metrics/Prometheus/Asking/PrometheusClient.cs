using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>
/// Asks the HTTP API of Prometheus. A query changes nothing, so what may be a passing trouble is tried again within the timeout.
/// Thread-safe.
/// </summary>
internal sealed class PrometheusClient(TimeProvider time) : IDisposable
{
    private const int MostTries = 3;
    private const int LargestAnswer = 64 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<(string? Authorities, bool Skips), HttpMessageInvoker> _invokers = new();

    /// <summary>Evaluates a query at an instant. Whatever goes wrong is in the answer; it throws only when it is cancelled.</summary>
    public async Task<PrometheusAnswer> AskAsync(PrometheusAccess access, string query, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(access.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        PrometheusAnswer? last = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                last = await TryAsync(access, query, at, either.Token).ConfigureAwait(false);
                if (last.Fault is not { Kind: FaultKind.Unreachable or FaultKind.RateLimited } fault || attempt == MostTries || fault.RetryAfter >= access.Timeout)
                    return last;
                await Task.Delay(fault.RetryAfter ?? FirstPause * (1 << (attempt - 1)), time, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // What the tries before met says more than that there was no time for another.
                return last ?? PrometheusAnswer.Failed(FaultKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"Prometheus at {access.Address} gave no answer within {access.Timeout.TotalSeconds:0.###} s"));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var invoker in _invokers.Values)
            invoker.Dispose();
    }

    private async Task<PrometheusAnswer> TryAsync(PrometheusAccess access, string query, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{access.Address.TrimEnd('/')}/api/v1/query")
            {
                // By POST, since a query with many pods is longer than addresses may be.
                Content = new FormUrlEncodedContent([
                    new("query", query),
                    new("time", (at.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture)),
                    new("timeout", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)access.Timeout.TotalMilliseconds)}ms")),
                ]),
            };
            access.Credentials.AddTo(request);
            using var response = await InvokerFor(access).SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false) is not { } body)
                return PrometheusAnswer.Failed(FaultKind.WrongShape, $"the answer of Prometheus at {access.Address} is larger than {LargestAnswer >> 20} MiB; narrow the query down with analysis.source.matchers");
            var answer = response.StatusCode == HttpStatusCode.OK ? AnswerReader.Read(body) : Refusal(response, body);
            return answer.Fault is { } fault ? PrometheusAnswer.Failed(fault.Kind, $"Prometheus at {access.Address}: {fault.Reason}", fault.RetryAfter) : answer;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Security.Cryptography.CryptographicException)
        {
            return PrometheusAnswer.Failed(FaultKind.Unreachable, $"Prometheus at {access.Address} cannot be reached: {(failure.InnerException ?? failure).Message.TrimEnd('.')}");
        }
    }

    private PrometheusAnswer Refusal(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var status = (int)response.StatusCode;
        var error = AnswerReader.Error(body);
        var said = error is { Text: { Length: > 0 } text } ? $": {text}" : "";
        return status switch
        {
            401 or 403 => PrometheusAnswer.Failed(FaultKind.Refused, $"it does not let us in ({status}){said}; mend the credentials that the source names"),
            429 => PrometheusAnswer.Failed(FaultKind.RateLimited, $"it is asked too often (429){said}", RetryAfter(response)),
            400 or 422 => PrometheusAnswer.Failed(FaultKind.BadQuery, $"it cannot answer the query ({status}){said}"),
            503 when error is { Type: "timeout" } => PrometheusAnswer.Failed(FaultKind.Timeout, $"it took too long (503){said}"),
            >= 300 and < 400 => PrometheusAnswer.Failed(FaultKind.WrongShape, $"it sends us elsewhere ({status}); write the address that it sends to"),
            404 or 405 => PrometheusAnswer.Failed(FaultKind.WrongShape, $"it has no /api/v1/query ({status}); the address has to be that of a Prometheus, with its path prefix"),
            >= 500 => PrometheusAnswer.Failed(FaultKind.Unreachable, $"it is out of order ({status}){said}", RetryAfter(response)),
            _ => PrometheusAnswer.Failed(FaultKind.WrongShape, $"it answered {status}{said}"),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>The body; null when it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (await stream.ReadAsync(body.GetMemory(1 << 16), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            body.Advance(read);
            if (body.WrittenCount > LargestAnswer)
                return null;
        }

        return body.WrittenMemory;
    }

    private HttpMessageInvoker InvokerFor(PrometheusAccess access) =>
        _invokers.GetOrAdd((access.Credentials.Authorities, access.SkipsVerification), key => new HttpMessageInvoker(TlsTrust.Handler(key.Authorities, key.Skips)));
}
