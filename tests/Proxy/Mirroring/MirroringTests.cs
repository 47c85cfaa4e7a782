using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Mirroring;

public sealed class MirroringTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _seen = [];
    private TestBackend _stable = null!;
    private TestBackend _canary = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stable = await TestBackend.StartAsync("v1", Cancellation);
        _canary = await TestBackend.StartAsync(new TestBackendOptions { Version = "v2", Answer = SeeAsync }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
    }

    [Fact]
    public async Task Copy_IsTheRequestThatTheUserSent()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/buy/now?item=1&item=2") { Content = new StringContent("three apples") };
        request.Headers.Host = "shop.example";
        request.Headers.Add("X-Mood", "glad");

        using var response = await proxy.Client.SendAsync(request, Cancellation);

        Assert.Equal("v1", response.Headers.GetValues("x-version").Single());
        await TestProxy.UntilAsync(() => _seen.Count == 1, "the copy arrives");
        Assert.Equal("POST /buy/now?item=1&item=2 shop.example glad 127.0.0.1 text/plain; charset=utf-8 12 mirror=1 three apples", _seen.Single());
    }

    [Fact]
    public async Task Copies_OfChunkedAndEmptyBodies_AreWhole()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored());
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StringContent("drip drop") };
        request.Headers.TransferEncodingChunked = true;
        (await proxy.Client.SendAsync(request, Cancellation)).Dispose();
        (await proxy.Client.GetAsync("/empty", Cancellation)).Dispose();

        await TestProxy.UntilAsync(() => _seen.Count == 2, "the copies arrive");
        Assert.Contains(_seen, copy => copy.StartsWith("PUT / ", StringComparison.Ordinal) && copy.EndsWith(" drip drop", StringComparison.Ordinal));
        Assert.Contains(_seen, copy => copy.StartsWith("GET /empty ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copies_AreCountedApartFromWhatUsersSee()
    {
        _canary.Answer = BackendAnswers.Status(500);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored());

        await GetAsync(proxy, 30);

        await TestProxy.UntilAsync(() => Sums(proxy) == (0, 30, 0), "the copies are reported");
        await proxy.ReportedAsync(30);
        Assert.Equal((30, 0), (proxy.Controller.Store.Sums("v1").Succeeded, proxy.Controller.Store.Sums("v2").Finished));
        Assert.Equal((30, 0), proxy.Controller.Store.Draws());
    }

    [Fact]
    public async Task Canary_ThatHangs_HoldsUpNobodyAndHasNoMoreThanItsLimit()
    {
        _canary.Answer = BackendAnswers.Hang;
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored(mirror => mirror.MaxConcurrent = 3));

        await GetAsync(proxy, 50);

        await TestProxy.UntilAsync(() => Sums(proxy).Dropped == 47, "what is above the limit is dropped and reported");
        await TestProxy.UntilAsync(() => _canary.Received == 3, "the limit is used");
    }

    [Fact]
    public async Task Canary_ThatHangs_IsGivenUpAfterItsTime()
    {
        _canary.Answer = BackendAnswers.Hang;
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored(mirror => (mirror.MaxConcurrent, mirror.TimeoutMs) = (1, 50)));

        await GetAsync(proxy, 1);
        await TestProxy.UntilAsync(() => Sums(proxy).Failed == 1, "it counts as a failure of the copy");
        await GetAsync(proxy, 1);

        await TestProxy.UntilAsync(() => Sums(proxy).Failed == 2, "its place is free again");
    }

    [Fact]
    public async Task Canary_ThatIsNotThere_HurtsNobody()
    {
        await _canary.AbortAsync();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored());

        await GetAsync(proxy, 20);

        await TestProxy.UntilAsync(() => Sums(proxy) is var sums && sums.Failed + sums.Dropped == 20, "all are accounted for");
        Assert.Equal(20, _stable.Served);
    }

    [Fact]
    public async Task Body_BeyondTheLimit_ReachesTheUserVersionWholeAndIsNotCopied()
    {
        string? length = null;
        _stable.Answer = async context =>
        {
            length = $"{(await ReadAsync(context)).Length}";
            await context.Response.WriteAsync("ok", Cancellation);
        };
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored(mirror => mirror.MaxBodyBytes = 1000));
        var chunked = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(new string('x', 1001)) };
        chunked.Headers.TransferEncodingChunked = true;

        (await proxy.Client.SendAsync(chunked, Cancellation)).Dispose();
        Assert.Equal("1001", length);
        (await proxy.Client.PostAsync("/", new StringContent(new string('x', 5000)), Cancellation)).Dispose();
        Assert.Equal("5000", length);
        (await proxy.Client.PostAsync("/", new StringContent(new string('x', 1000)), Cancellation)).Dispose();

        await TestProxy.UntilAsync(() => Sums(proxy) == (1, 0, 2), "two are dropped, one is copied");
        Assert.Equal(1, _canary.Received);
    }

    [Fact]
    public async Task Share_OfNothing_CopiesNothing()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Mirrored(mirror => mirror.Share = 0));

        await GetAsync(proxy, 50);
        await proxy.ReportedAsync(50);

        Assert.Equal(((0L, 0L, 0L), 0L), (Sums(proxy), _canary.Received));
    }

    [Fact]
    public async Task Grpc_Copy_GoesAsHttp2AndItsStatusCounts()
    {
        await using var stable = await EchoBackend.StartAsync(Cancellation);
        await using var canary = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, stable.Address, canary.Address, 0, route => route.Mirror = new Mirror { Share = 10_000 }));
        using var channel = proxy.NewChannel();
        var client = new Protos.Echo.EchoClient(channel);

        await client.SayAsync(new Protos.EchoRequest { Text = "hello" }, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await client.SayAsync(new Protos.EchoRequest { FailWith = 13 }, cancellationToken: Cancellation));

        await TestProxy.UntilAsync(() => Sums(proxy) == (1, 1, 0), "both copies are reported, one as a failure");
    }

    private static (long Succeeded, long Failed, long Dropped) Sums(TestProxy proxy)
    {
        var copies = proxy.Controller.Store.Reports.SelectMany(report => report.Routes).SelectMany(route => route.Mirrors).ToList();
        Assert.All(copies, counts => Assert.Equal("v2", counts.CanaryRevision));
        return (
            copies.Sum(counts => counts.Outcomes?.Latency.Sum(bucket => (long)bucket.Count) ?? 0),
            copies.Sum(counts => OutcomeSums.Failed(counts.Outcomes)),
            copies.Sum(counts => (long)counts.Dropped));
    }

    private static async Task GetAsync(TestProxy proxy, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            using var response = await proxy.Client.GetAsync("/", Cancellation);
            Assert.Equal((HttpStatusCode.OK, "v1"), (response.StatusCode, response.Headers.GetValues("x-version").Single()));
        }
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private async Task SeeAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var (request, headers) = (context.Request, context.Request.Headers);
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        _seen.Enqueue($"{request.Method} {target} {request.Host} {headers["X-Mood"]} {headers["X-Forwarded-For"]} {headers.ContentType} {request.ContentLength} mirror={headers["X-MeshCanary-Mirror"]} {body}");
        await context.Response.WriteAsync("thanks", Cancellation);
    }

    private Snapshot Mirrored(Action<Mirror>? change = null)
    {
        var mirror = new Mirror { Share = 10_000 };
        change?.Invoke(mirror);
        return Snapshots.Of(1, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), 0, route => route.Mirror = mirror);
    }
}
