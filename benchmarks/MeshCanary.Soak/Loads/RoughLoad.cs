using System.Net;
using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Soak.Loads;

/// <summary>
/// Clients of versions whose endpoints die, stall and fail, some of them with the cookie of a user. An answer of a version
/// counts as what it is; one of the proxy's own, or one that breaks off, is a connection failure.
/// </summary>
internal sealed class RoughLoad : IAsyncDisposable
{
    private const int Kept = 8;
    private const int Fresh = 1;
    private const int Http2 = 3;
    private const int Users = 5000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly HttpClient _client;

    public RoughLoad(Uri entrance)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
        {
            BaseAddress = entrance,
            Timeout = TimeSpan.FromSeconds(60),
        };
        Load = new SteadyLoad(
            Pause,
            [
                .. Enumerable.Repeat<Func<int, Task<Reply>>>(number => AskAsync(number, HttpVersion.Version11), Kept),
                .. Enumerable.Repeat<Func<int, Task<Reply>>>(number => AskAsync(number, HttpVersion.Version11, isLast: true), Fresh),
                .. Enumerable.Repeat<Func<int, Task<Reply>>>(number => AskAsync(number, HttpVersion.Version20), Http2),
            ]);
    }

    /// <summary>How many clients there are; each has one request under way.</summary>
    public static int Clients => Kept + Fresh + Http2;

    /// <summary>The requests.</summary>
    public SteadyLoad Load { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        _client.Dispose();
    }

    private async Task<Reply> AskAsync(int number, Version protocol, bool isLast = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "page") { Version = protocol, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.ConnectionClose = isLast ? true : null;
        if (number % 2 == 0)
            request.Headers.Add("Cookie", $"{SoakRoutes.Cookie}=u{number / 2 % Users}");
        try
        {
            using var response = await _client.SendAsync(request);
            var reply = Reply.Of(response, Outcome.Success);
            return (reply.Version.Length, (int)response.StatusCode) switch
            {
                ( > 0, 200) => reply,
                ( > 0, 500) => reply with { Outcome = Outcome.ServerError },
                (0, 502 or 504) => reply with { Outcome = Outcome.ConnectionFailure },
                _ => throw new InvalidDataException($"{request.RequestUri}: {(int)response.StatusCode} of '{reply.Version}'"),
            };
        }
        catch (HttpRequestException)
        {
            return new Reply("", "", Outcome.ConnectionFailure);
        }
    }
}
