using System.Net;
using System.Net.Http.Headers;

namespace MeshCanary.Testing.Exchanges;

/// <summary>
/// A client of one entrance, over one protocol, that checks every answer to the last byte. A wrong one throws
/// <see cref="InvalidDataException"/>. Thread-safe.
/// </summary>
public sealed class Conversation : IDisposable
{
    private readonly HttpClient _client;
    private readonly Version _protocol;

    /// <param name="entrance">Where the requests go, with a path that ends in a slash.</param>
    /// <param name="protocol">1.1, or 2.0 with prior knowledge.</param>
    /// <param name="keepAlive">Whether a connection is used more than once (HTTP/1.1).</param>
    public Conversation(Uri entrance, Version protocol, bool keepAlive = true)
    {
        _protocol = protocol;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = entrance,
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (!keepAlive)
            _client.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>GET of a short answer.</summary>
    /// <param name="path">Relative to the entrance.</param>
    /// <param name="header">A header to send, or null.</param>
    /// <param name="cancellation">Gives it up.</param>
    public async Task<Reply> GetAsync(string path = "get", (string Name, string Value)? header = null, CancellationToken cancellation = default)
    {
        using var request = New(HttpMethod.Get, path);
        if (header is { } extra)
            request.Headers.Add(extra.Name, extra.Value);
        using var response = await _client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);
        var reply = Reply.Of(response, Outcome.Success);
        return response.StatusCode == HttpStatusCode.OK && body == reply.Version
            ? reply
            : throw Wrong(request, response, body);
    }

    /// <summary>POST of random bytes, which come back as they are.</summary>
    /// <param name="length">How many.</param>
    /// <param name="seed">Which.</param>
    /// <param name="cancellation">Gives it up.</param>
    public async Task<Reply> PostAsync(int length, int seed, CancellationToken cancellation = default)
    {
        var sent = new byte[length];
        Fill(sent, seed);
        using var request = New(HttpMethod.Post, "echo", new ByteArrayContent(sent));
        using var response = await _client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK && body.AsSpan().SequenceEqual(sent)
            ? Reply.Of(response, Outcome.Success)
            : throw Wrong(request, response, $"{body.Length} bytes for {length}");
    }

    /// <summary>A request that the version answers with a 500, which has to arrive as the version gave it.</summary>
    public async Task<Reply> FailAsync(CancellationToken cancellation = default)
    {
        using var request = New(HttpMethod.Get, "fail");
        using var response = await _client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.InternalServerError && body == "status 500"
            ? Reply.Of(response, Outcome.ServerError)
            : throw Wrong(request, response, body);
    }

    /// <summary>A request that the version breaks off after it has read it, so that nobody may send it again: a 502 of the proxy's own.</summary>
    public async Task<Reply> BreakAsync(CancellationToken cancellation = default)
    {
        using var request = New(HttpMethod.Post, "break", new ByteArrayContent(new byte[64]));
        using var response = await _client.SendAsync(request, cancellation);
        var reply = Reply.Of(response, Outcome.ConnectionFailure);
        return response.StatusCode == HttpStatusCode.BadGateway && reply.Version.Length == 0
            ? reply
            : throw Wrong(request, response, "");
    }

    /// <summary>A request that gets no answer and is given up once <paramref name="arrived"/> says that a version has it.</summary>
    public async Task<Reply> AbandonAsync(Func<Task> arrived, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(arrived);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var request = New(HttpMethod.Post, "hang", new ByteArrayContent(new byte[64]));
        var answer = _client.SendAsync(request, leaving.Token);
        await arrived();
        await leaving.CancelAsync();
        try
        {
            using var response = await answer;
            throw Wrong(request, response, "an answer to what is never answered");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Reply("", "", Outcome.GivenUp);
        }
    }

    /// <summary>A unary gRPC call that is echoed, or that fails with INTERNAL.</summary>
    public async Task<Reply> CallAsync(int seed, bool fail = false, CancellationToken cancellation = default)
    {
        var message = new byte[200];
        Fill(message, seed);
        if (fail)
            "fail"u8.CopyTo(message);
        using var request = Call("echo.Echo/Say", new ByteArrayContent(GrpcFrames.Frame(message)));
        using var response = await _client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var status = response.TrailingHeaders.TryGetValues(GrpcFrames.Status, out var values) ? values.Single() : "none";
        var whole = fail ? body.Length == 0 && status == "13" : status == "0" && body.AsSpan().SequenceEqual(GrpcFrames.Frame(message));
        return response.StatusCode == HttpStatusCode.OK && whole
            ? Reply.Of(response, fail ? Outcome.GrpcError : Outcome.Success)
            : throw Wrong(request, response, $"grpc-status {status}, {body.Length} bytes");
    }

    /// <summary>Begins a download that lasts until its version ends it.</summary>
    public async Task<ILongExchange> DownloadAsync(CancellationToken cancellation = default)
    {
        using var request = New(HttpMethod.Get, "download");
        return new LongDownload(await BeganAsync(request, cancellation));
    }

    /// <summary>Begins a gRPC call in which every message is echoed.</summary>
    public async Task<ILongExchange> ChatAsync(CancellationToken cancellation = default)
    {
        var messages = new DuplexContent();
        var request = Call("echo.Echo/Chat", messages);
        var began = BeganAsync(request, cancellation);
        var call = new LongCall(request, messages);
        await call.BeginAsync(began, cancellation);
        return call;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> BeganAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return response.StatusCode == HttpStatusCode.OK ? response : throw Wrong(request, response, "");
    }

    // The defaults of a client are not those of a message that is made by hand.
    private HttpRequestMessage New(HttpMethod method, string path, HttpContent? content = null) =>
        new(method, path) { Version = _protocol, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };

    private HttpRequestMessage Call(string path, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcFrames.ContentType);
        var request = New(HttpMethod.Post, path, content);
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }

#pragma warning disable RS0030 // Bytes of a test: the seed is handed in.
    private static void Fill(byte[] bytes, int seed) => new Random(seed).NextBytes(bytes);
#pragma warning restore RS0030

    private static InvalidDataException Wrong(HttpRequestMessage request, HttpResponseMessage response, string what) =>
        new($"{request.Method} {request.RequestUri} over {request.Version}: {(int)response.StatusCode} of '{Reply.Of(response, default).Version}': {what}");
}
