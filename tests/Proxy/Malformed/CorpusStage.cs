using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>One proxy and one strict upstream behind it, for all cases of a class.</summary>
public sealed class CorpusStage : IAsyncLifetime
{
    internal StrictBackend Backend { get; } = new();

    internal TestProxy Proxy { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Proxy = await TestProxy.StartAsync(CancellationToken.None, Snapshots.Of(1, Backend.Address));

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Backend.DisposeAsync();
    }

    /// <summary>A good request on a connection of its own is served.</summary>
    internal async Task ServesAsync(string target, CancellationToken cancellation)
    {
        using var connection = await RawConnection.OpenAsync(Proxy, cancellation);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", cancellation);
        var answer = await connection.AnswerAsync(cancellation);
        Assert.Equal((200, target), (answer?.Status, answer?.Body));
        Assert.Null(await connection.AnswerAsync(cancellation));
    }

    /// <summary>Waits until the upstream has seen these requests, and states that they are all.</summary>
    /// <param name="entry">The case.</param>
    /// <param name="good">How many good requests came besides, for targets below <c>/good/</c>.</param>
    internal async Task SawAsync(CorpusCase entry, int good)
    {
        var expected = entry.Sees;
        if (expected is not null)
            await TestProxy.UntilAsync(() => Backend.Requests.Count >= expected.Count + good, $"the upstream sees {expected.Count + good} requests");

        var all = Backend.Requests.ToArray();
        Assert.Empty(Backend.Faults);
        Assert.Equal(good, all.Count(IsGood));
        var seen = all.Where(request => !IsGood(request)).ToArray();
        foreach (var request in seen.Where(request => request.IsWhole))
        {
            Assert.Equal("127.0.0.1", Assert.Single(request.Values("X-Forwarded-For")));
            Assert.Equal("http", Assert.Single(request.Values("X-Forwarded-Proto")));
            Assert.Single(request.Values("Host"));
        }

        if (entry.NoneWhole)
            Assert.DoesNotContain(seen, request => request.IsWhole);
        if (expected is not null)
            Assert.Equal(Texts(expected), Texts(seen));
    }

    private static bool IsGood(RawMessage request) => request.IsWhole && request.Target.StartsWith("/good/", StringComparison.Ordinal);

    // Some methods say that they have no body, and some do not.
    private static RawMessage Plain(RawMessage request) =>
        request.Body.Length == 0 && request.Values("Content-Length") is ["0"] ? request.Without("Content-Length") : request;

    private static IEnumerable<string> Texts(IEnumerable<RawMessage> requests) => requests
        .Select(request => Plain(request).Without("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host").ToString())
        .Order(StringComparer.Ordinal);
}
