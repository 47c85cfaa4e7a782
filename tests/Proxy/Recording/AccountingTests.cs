using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Load;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class AccountingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_EndInEveryWay_AreEachCountedOnce()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = AnswerAsync }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { UpstreamActivityTimeout = TimeSpan.FromMilliseconds(400) });

        await Task.WhenAll(
            RepeatAsync(40, () => GetAsync(proxy, "/ok")),
            RepeatAsync(13, () => GetAsync(proxy, "/missing")),
            RepeatAsync(11, () => GetAsync(proxy, "/error")),
            RepeatAsync(2, () => GetAsync(proxy, "/reset")),
            RepeatAsync(5, () => GetAsync(proxy, "/cut")),
            RepeatAsync(3, () => GetAsync(proxy, "/silent")),
            RepeatAsync(4, () => GetAsync(proxy, "/silent-body")));
        await RepeatAsync(6, () => AbandonAsync(proxy, backend, "/slow"));
        await proxy.Server.StopAsync(Cancellation);

        var sums = proxy.Controller.Store.Sums();
        Assert.Equal(new RevisionSums(Succeeded: 53, ServerErrors: 11, GrpcErrors: 0, ConnectionFailures: 7, Timeouts: 7, ClientAborts: 6, Diverted: 0), sums);
        var all = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).ToList();
        Assert.Equal(84, all.Sum(c => c.Endpoints.Sum(e => (long)e.Requests)));
        Assert.Equal(25, all.Sum(c => c.Endpoints.Sum(e => (long)e.Errors)));
        Assert.Equal(13, all.Sum(c => (long)c.StatusClasses[3]));
        Assert.Equal(6, all.Sum(c => c.GivenUp.Sum(bucket => (long)bucket.Count)));
        Assert.Equal((84, 0), proxy.Controller.Store.Draws());
    }

    [Fact]
    public async Task Requests_ConnectionRefused_AreConnectionFailures()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, $"http://127.0.0.1:{FreePort.Find()}"));

        // Stable goes on trying, however often it fails: there is nothing better to do.
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.BadGateway, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);
        await proxy.ReportedAsync(10);

        Assert.Equal(10, proxy.Controller.Store.Sums().ConnectionFailures);
    }

    [Fact]
    public async Task Endpoints_ComeAndGoUnderLoad_AddUpToTheirRevisionInEveryReport()
    {
        await using var first = await TestBackend.StartAsync("a", Cancellation);
        await using var second = await TestBackend.StartAsync("b", Cancellation);
        var (a, b) = (Snapshots.At(first.Address), Snapshots.At(second.Address));
        string[][] rounds = [[a], [a, b], [b], [a, b], [a], [b]];
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, rounds[0], [], 0));
        await using var load = LoadGenerator.Start(new LoadPlan(proxy.Address, 1000));

        for (var round = 0; round < rounds.Length; round++)
        {
            if (round > 0)
                await proxy.ApplyAsync(Snapshots.Of((ulong)round + 1, rounds[round], [], 0));
            var before = load.Totals.Answered;
            await TestProxy.UntilAsync(() => load.Totals.Answered > before + 100, "requests are served");
        }

        var totals = await load.StopAsync();
        await proxy.Server.StopAsync(Cancellation);

        Assert.True(totals is { Lost: 0, Failed: 0 }, $"{totals}");
        var counts = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).ToList();
        Assert.All(counts, revision => Assert.Equal(
            OutcomeSums.ByPlace([OutcomeSums.Of(revision)]), OutcomeSums.ByPlace(revision.Endpoints.Select(endpoint => endpoint.Outcomes))));
        var endpoints = counts.SelectMany(revision => revision.Endpoints).ToLookup(endpoint => endpoint.Address, endpoint => (long)endpoint.Requests);
        Assert.Equal((totals.Of("a").Answered, totals.Of("b").Answered), (endpoints[a].Sum(), endpoints[b].Sum()));
    }

    [Fact]
    public async Task Response_BeforeTheRequestBodyEnds_CountsByItsStatus()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Status(200) }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var content = new StreamContent(new PatternStream(3_000_000));

        using var response = await proxy.Client.PostAsync("/", content, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Latency_OfASlowRequest_IsInItsBucket()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions { Answer = BackendAnswers.After(TimeSpan.FromMilliseconds(200), BackendAnswers.Ok) }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));

        await proxy.Client.GetAsync("/", Cancellation);
        await proxy.ReportedAsync(1);

        var bucket = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).SelectMany(r => r.Latency).Single();
        Assert.Equal(1UL, bucket.Count);
        // Bucket 154 holds 0.189…0.197 s: no answer that waited 0.2 s may be below, and none that came at all far above.
        Assert.InRange((int)bucket.Bucket, 154, 300);
    }

    [Fact]
    public async Task FirstByte_OfALongResponse_IsCountedBesideItsLatency()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, context.RequestAborted);
                    await BackendAnswers.Ok(context);
                },
            },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));

        await proxy.Client.GetAsync("/", Cancellation);
        await proxy.ReportedAsync(1);

        var counts = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).ToList();
        var (first, whole) = (counts.SelectMany(r => r.FirstByte).Single(), counts.SelectMany(r => r.Latency).Single());
        Assert.Equal((1UL, 1UL), (first.Count, whole.Count));
        // The backend waits 0.4 s in between; how long the first byte itself takes is the machine's matter.
        Assert.True(UpperEdge((int)whole.Bucket) - UpperEdge((int)first.Bucket - 1) >= 0.4, $"first byte {first}, all {whole}");
    }

    private static double UpperEdge(int bucket) => 0.00025 * Math.Pow(2, bucket / 16.0);

    private static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/missing" => BackendAnswers.Status(404)(context),
        "/error" => BackendAnswers.Status(500)(context),
        "/reset" => BackendAnswers.Abort(context),
        "/cut" => CutAsync(context),
        "/silent" or "/slow" => BackendAnswers.Hang(context),
        "/silent-body" => SilentBodyAsync(context),
        _ => BackendAnswers.Ok(context),
    };

    private static async Task CutAsync(HttpContext context)
    {
        context.Response.ContentLength = 100;
        await context.Response.Body.WriteAsync("half"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task SilentBodyAsync(HttpContext context)
    {
        await context.Response.Body.WriteAsync("begun"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await BackendAnswers.Hang(context);
    }

    private static async Task GetAsync(TestProxy proxy, string path)
    {
        try
        {
            using var response = await proxy.Client.GetAsync(path, Cancellation);
            await response.Content.ReadAsStringAsync(Cancellation);
        }
        catch (HttpRequestException)
        {
            // What the client sees is not the matter here.
        }
    }

    private static async Task AbandonAsync(TestProxy proxy, TestBackend backend, string path)
    {
        var before = backend.Received;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(proxy.Server.Listen, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"), Cancellation);
        await TestProxy.UntilAsync(() => backend.Received > before, "the request arrives");
    }

    private static async Task RepeatAsync(int times, Func<Task> action)
    {
        for (var i = 0; i < times; i++)
            await action();
    }
}
