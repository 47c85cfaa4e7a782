using System.Net;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Soak.Loads;

/// <summary>
/// Clients of every protocol, to versions whose endpoints come and go in order. Every answer has to be right to the last
/// byte, and every count is known: by endpoint and by how the request ended.
/// </summary>
internal sealed class OrderlyLoad : IAsyncDisposable
{
    private const int Large = 4_000_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Conversation _kept;
    private readonly Conversation _fresh;
    private readonly Conversation _http2;
    private readonly Uri _entrance;
    private readonly IReadOnlyList<ConversingBackend> _backends;

    public OrderlyLoad(Uri entrance, IReadOnlyList<ConversingBackend> backends)
    {
        (_entrance, _backends) = (entrance, backends);
        _kept = new Conversation(entrance, HttpVersion.Version11);
        _fresh = new Conversation(entrance, HttpVersion.Version11, keepAlive: false);
        _http2 = new Conversation(entrance, HttpVersion.Version20);
        (int Clients, Func<int, Task<Reply>> Kind)[] kinds =
        [
            (6, _ => _kept.GetAsync()),
            (3, number => _kept.PostAsync(number * 37 % 5000, number)),
            (1, number => _kept.PostAsync(number % 25 == 0 ? Large : 300, number)),
            (1, _ => _kept.GetAsync("slow")),
            (1, _ => _kept.FailAsync()),
            (1, _ => _kept.BreakAsync()),
            (1, _ => AbandonAsync()),
            (2, _ => _fresh.GetAsync()),
            (4, _ => _http2.GetAsync()),
            (2, number => _http2.PostAsync(number * 53 % 5000, number)),
            (1, number => _http2.PostAsync(number % 25 == 0 ? Large : 300, number)),
            (3, number => _http2.CallAsync(number)),
            (1, number => _http2.CallAsync(number, fail: true)),
            (2, _ => TalkAsync(cancellation => _http2.ChatAsync(cancellation))),
            (2, _ => TalkAsync(async cancellation => await LongSocket.OpenAsync(_entrance, cancellation: cancellation))),
        ];
        Clients = kinds.Sum(kind => kind.Clients);
        Load = new SteadyLoad(Pause, kinds.SelectMany(kind => Enumerable.Repeat(kind.Kind, kind.Clients)));
    }

    /// <summary>How many clients there are; each has one request under way.</summary>
    public int Clients { get; }

    /// <summary>The requests.</summary>
    public SteadyLoad Load { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        _kept.Dispose();
        _fresh.Dispose();
        _http2.Dispose();
    }

    // Given up once a version has it, and over when the version knows: so that it is known where it counts.
    private async Task<Reply> AbandonAsync()
    {
        var reply = await _kept.AbandonAsync(() => HangingAsync(1));
        await HangingAsync(0);
        return reply;
    }

    private Task HangingAsync(int count) =>
        Eventually.TrueAsync(() => _backends.Sum(backend => backend.Hanging) == count, Patience, $"{count} requests hang");

    private static async Task<Reply> TalkAsync(Func<CancellationToken, Task<ILongExchange>> begin)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var exchange = await begin(limit.Token);
        for (var message = 0; message < 5; message++)
            await exchange.CheckAsync(limit.Token);
        await exchange.FinishAsync(limit.Token);
        return exchange.Reply;
    }
}
