using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>
/// Sends requests to providers: within the question's time, again where that is safe, with an end to how much is read. Redirects are
/// not followed, so that credentials go where the template says and nowhere else. Thread-safe.
/// </summary>
internal sealed class ProviderHttp(TimeProvider time) : IDisposable
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MostBytes = 4 << 20;

    private const int Attempts = 4;
    private const int LongestQuote = 200;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly HttpMessageInvoker _shared = new(ProviderHandler.Create(tls: null), disposeHandler: true);

    /// <summary>Sends, and reads an answer of success.</summary>
    /// <exception cref="NoAnswerException">There is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled from outside.</exception>
    public async Task<ProviderReply> SendAsync(MetricQuestion question, ProviderRequest request, CancellationToken cancellationToken)
    {
        // Trust of its own has connections of its own: none is ever shared with somebody who trusts otherwise.
        using var own = ProviderTls.Of(question) is { } tls ? new HttpMessageInvoker(ProviderHandler.Create(tls), disposeHandler: true) : null;
        using var limit = new CancellationTokenSource(question.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var start = time.GetTimestamp();
        MetricAnswer.Fault? before = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(own ?? _shared, question, request, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw NoAnswerException.Of(FaultKind.Timeout, $"{Host(request)} did not answer within {question.Timeout.TotalSeconds:0.###} s{(before is null ? "" : $"; before that: {before.Reason}")}. Ask for less, or raise the template's timeout");
            }
            catch (RetryException again)
            {
                before = again.Fault;
                var pause = before.RetryAfter ?? FirstPause * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());
                if (attempt == Attempts || !(request.IsRead || again.WasNotSent) || time.GetElapsedTime(start) + pause >= question.Timeout)
                    throw new NoAnswerException(before);
                await PauseAsync(pause, before, either.Token, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private async Task PauseAsync(TimeSpan pause, MetricAnswer.Fault fault, CancellationToken limited, CancellationToken outer)
    {
        try
        {
            await Task.Delay(pause, time, limited);
        }
        catch (OperationCanceledException) when (!outer.IsCancellationRequested)
        {
            throw new NoAnswerException(fault);
        }
    }

    private async Task<ProviderReply> SendOnceAsync(HttpMessageInvoker http, MetricQuestion question, ProviderRequest request, CancellationToken cancellationToken)
    {
        using var message = await MessageAsync(question, request, cancellationToken);
        try
        {
            using var response = await http.SendAsync(message, cancellationToken);
            var body = await ReadAsync(response, request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
                throw new NoAnswerException(new MetricAnswer.Nothing($"{Host(request)} answered without content (204)"));
            if (response.IsSuccessStatusCode)
                return new ProviderReply(response.StatusCode, body);
            throw Trouble(response, Quote(body.Span), request);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Broken(error, request);
        }
    }

    private static async Task<HttpRequestMessage> MessageAsync(MetricQuestion question, ProviderRequest request, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(request.Method, request.Address) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower, Version = HttpVersion.Version20 };
        if (request.Body is not null)
            message.Content = new StringContent(request.Body, Encoding.UTF8, new MediaTypeHeaderValue(request.ContentType));
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", "meshcanary");
        foreach (var (name, value) in question.Provider.Headers.Concat(request.Headers))
        {
            // What a Secret holds may end in the line feed of an editor; anything else that is no header value is refused.
            var text = value.Trim();
            if (text.Any(letter => char.IsControl(letter) || letter > '~'))
                throw NoAnswerException.Of(FaultKind.Refused, $"the value for the header {name} holds letters that no header may hold. Look for line breaks in the Secret");
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, text);
        }

        if (request.Sign is { } sign)
            await sign(message, cancellationToken);
        return message;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, ProviderRequest request, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > MostBytes)
                throw NoAnswerException.Shape($"{Host(request)} answered with more than {MostBytes >> 20} MiB. Make the query select and aggregate more");
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private Exception Trouble(HttpResponseMessage response, string said, ProviderRequest request)
    {
        var trouble = HttpTrouble.Of(response, said, Host(request), time.GetUtcNow());
        if (request.Classify?.Invoke(said) is { } kind)
            trouble = trouble with { Kind = kind };
        return trouble.Kind is FaultKind.Unreachable or FaultKind.RateLimited || response.StatusCode == HttpStatusCode.GatewayTimeout
            ? new RetryException(trouble, wasNotSent: false)
            : new NoAnswerException(trouble);
    }

    private static Exception Broken(Exception error, ProviderRequest request)
    {
        var kind = (error as HttpRequestException)?.HttpRequestError;
        var fault = new MetricAnswer.Fault(FaultKind.Unreachable, kind switch
        {
            HttpRequestError.NameResolutionError => $"the name {Host(request)} is not known. Check the address, and DNS",
            HttpRequestError.SecureConnectionError => $"{Host(request)} has no certificate that is believed: {Inmost(error).Message} Give the authority in tls.authority or in the Secret as ca.crt",
            HttpRequestError.ConnectionError => $"{Host(request)} cannot be reached: {Inmost(error).Message}",
            _ => $"{Host(request)} broke off: {Inmost(error).Message}",
        });
        // A certificate is the same at the next try.
        if (kind == HttpRequestError.SecureConnectionError)
            return new NoAnswerException(fault with { Kind = FaultKind.Refused });
        return new RetryException(fault, kind is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError);
    }

    private static Exception Inmost(Exception error) => error.InnerException is { } inner ? Inmost(inner) : error;

    private static string Host(ProviderRequest request) => request.Address.GetLeftPart(UriPartial.Authority);

    private static string Quote(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestQuote * 4)]);
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var plain = new string([.. line.Where(letter => !char.IsControl(letter))]);
        return plain.Length <= LongestQuote ? plain : plain[..LongestQuote] + "…";
    }

    private sealed class RetryException(MetricAnswer.Fault fault, bool wasNotSent) : Exception(fault.Reason)
    {
        public MetricAnswer.Fault Fault => fault;

        public bool WasNotSent => wasNotSent;
    }
}
