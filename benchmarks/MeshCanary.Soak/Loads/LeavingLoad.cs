using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Soak.Loads;

/// <summary>
/// Clients that go away: before the answer, within a download, and within an upload by a reset. Which of their requests
/// arrived is not known for each; none may count as a failure of a version.
/// </summary>
internal sealed class LeavingLoad : IAsyncDisposable
{
    private const int Each = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] UploadHead = Encoding.ASCII.GetBytes($"POST {SoakRoutes.LeavingPrefix}/echo HTTP/1.1\r\nHost: soak\r\nContent-Length: 1000000\r\n\r\n");

    private readonly Uri _entrance;
    private readonly Conversation _plain;
    private readonly Conversation _http2;

    public LeavingLoad(Uri entrance)
    {
        _entrance = entrance;
        _plain = new Conversation(entrance, HttpVersion.Version11);
        _http2 = new Conversation(entrance, HttpVersion.Version20);
        Func<int, Task<Reply>>[] kinds =
        [
            number => AbandonAsync(_plain, number), number => AbandonAsync(_http2, number), number => DownloadAsync(_plain, number), number => DownloadAsync(_http2, number), UploadAsync,
        ];
        Load = new SteadyLoad(Pause, kinds.SelectMany(kind => Enumerable.Repeat(kind, Each)));
        Clients = kinds.Length * Each;
    }

    /// <summary>How many clients there are; each has one request under way.</summary>
    public int Clients { get; }

    /// <summary>The requests; those that are known to have arrived have a version.</summary>
    public SteadyLoad Load { get; }

    /// <summary>Requests that reached a version.</summary>
    public long Arrived => Load.Replies.Where(pair => pair.Key.Version.Length > 0).Sum(pair => pair.Value);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        _plain.Dispose();
        _http2.Dispose();
    }

    private static Task<Reply> AbandonAsync(Conversation client, int number) =>
        client.AbandonAsync(() => Task.Delay(TimeSpan.FromMilliseconds(number * 7 % 40), TimeProvider.System, CancellationToken.None));

    // Within a read: a client that closes between two reads first takes in for a while what still comes.
    private static async Task<Reply> DownloadAsync(Conversation client, int number)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var download = await client.DownloadAsync(limit.Token);
        await download.CheckAsync(limit.Token);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(1 + (number * 7 % 40)), TimeProvider.System);
        try
        {
            while (true)
                await download.CheckAsync(leaving.Token);
        }
        catch (OperationCanceledException)
        {
            return download.Reply with { Outcome = Outcome.GivenUp };
        }
    }

    private async Task<Reply> UploadAsync(int number)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(_entrance.Host, _entrance.Port);
        await socket.SendAsync(UploadHead);
        await socket.SendAsync(new byte[number * 997 % 70_000]);
        await Task.Delay(TimeSpan.FromMilliseconds(number * 11 % 50), TimeProvider.System, CancellationToken.None);
        return new Reply("", "", Outcome.GivenUp);
    }
}
