using System.Net;
using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Clients of every kind at every entrance. gRPC goes to a route of its own, whose versions speak HTTP/2.</summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly List<Conversation> _conversations = [];
    private readonly List<ILongExchange> _long = [];

    private MixedLoad(IReadOnlyList<Uri> entrances, bool withFailures)
    {
        List<Func<int, Task<Reply>>> kinds = [];
        foreach (var entrance in entrances)
        {
            var (plain, fresh, http2) = (Open(entrance, HttpVersion.Version11), Open(entrance, HttpVersion.Version11, keepAlive: false), Open(entrance, HttpVersion.Version20));
            kinds.AddRange(
            [
                _ => plain.GetAsync(),
                number => plain.PostAsync(number % 50 == 0 ? 300_000 : number * 37 % 5000, number),
                _ => fresh.GetAsync(),
                _ => http2.GetAsync(),
                number => http2.PostAsync(number * 53 % 5000, number),
                number => http2.CallAsync(number),
            ]);
            if (withFailures)
                kinds.AddRange([_ => plain.FailAsync(), _ => plain.BreakAsync(), number => http2.CallAsync(number, fail: true)]);
        }

        Load = new SteadyLoad(Pause, kinds);
    }

    /// <summary>The short requests, and the long ones that ended in order.</summary>
    public SteadyLoad Load { get; }

    /// <summary>Starts it and waits until every client has had a few answers.</summary>
    public static async Task<MixedLoad> StartAsync(IReadOnlyList<Uri> entrances, CancellationToken cancellation, bool withFailures = false)
    {
        var load = new MixedLoad(entrances, withFailures);
        await load.Load.MoreAsync(3, cancellation);
        return load;
    }

    /// <summary>Begins a download, a WebSocket and a gRPC stream at an entrance.</summary>
    public async Task BeginLongAsync(Uri entrance, CancellationToken cancellation)
    {
        _long.Add(await Open(entrance, HttpVersion.Version11).DownloadAsync(cancellation));
        _long.Add(await Open(entrance, HttpVersion.Version20).ChatAsync(cancellation));
        _long.Add(await LongSocket.OpenAsync(entrance, cancellation: cancellation));
    }

    /// <summary>Makes sure that nothing has gone wrong and that bytes flow on everything that lasts.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        Assert.Empty(Load.Failures);
        foreach (var exchange in _long)
            await InTimeAsync(exchange.CheckAsync(cancellation), exchange, "is silent");
    }

    /// <summary>Ends everything in order and makes sure that every request got its whole answer; <paramref name="others"/> were added by hand.</summary>
    public async Task FinishAsync(IEnumerable<ConversingBackend> backends, CancellationToken cancellation, int others = 0)
    {
        await CheckAsync(cancellation);
        foreach (var backend in backends)
            backend.FinishDownloads();
        foreach (var exchange in _long)
        {
            await InTimeAsync(exchange.FinishAsync(cancellation), exchange, "does not end");
            Load.Add(exchange.Reply);
        }

        await Load.StopAsync();
        Assert.Empty(Load.Failures);
        Assert.Equal(Load.Begun + _long.Count + others, Load.Answered);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var exchange in _long)
            exchange.Dispose();
        foreach (var conversation in _conversations)
            conversation.Dispose();
        await Load.DisposeAsync();
    }

    private static async Task InTimeAsync(Task work, ILongExchange exchange, string otherwise)
    {
        try
        {
            await work.WaitAsync(Deadline, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{exchange.GetType().Name} of {exchange.Reply} {otherwise}.", late);
        }
    }

    private Conversation Open(Uri entrance, Version protocol, bool keepAlive = true)
    {
        var conversation = new Conversation(entrance, protocol, keepAlive);
        _conversations.Add(conversation);
        return conversation;
    }
}
