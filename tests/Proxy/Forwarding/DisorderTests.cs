using System.Globalization;
using System.Net;
using System.Text;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Forwarding;

/// <summary>Clients and upstreams that break off at any moment.</summary>
public sealed class DisorderTests
{
    private const int Clients = 16;
    private const int RequestsEach = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Everything_BreaksOffAtAnyMoment_NobodyGetsAnothersAnswerAndNothingIsHeld(string version)
    {
        await using var stable = await TestBackend.StartAsync(new TestBackendOptions { Answer = AnswerAsync }, Cancellation);
        await using var canary = await TestBackend.StartAsync(new TestBackendOptions { Answer = AnswerAsync }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Of(1, most: 1000, stable, canary));

        var wrong = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(seed => Task.Run(() => AskAsync(proxy, version, seed), Cancellation)))).SelectMany(one => one).ToList();

        Assert.Empty(wrong);
        await TestProxy.UntilAsync(async () => InFlight(await proxy.AdminAsync("/metrics", Cancellation)) == 0, "nothing is in flight");
        // What leaked would hold the one place.
        await ServesAsync(proxy, Of(2, most: 1, stable, canary, weight: 10_000), canary);
        await ServesAsync(proxy, Of(3, most: 1, stable, canary, weight: 0), stable);
    }

    private static async Task ServesAsync(TestProxy proxy, Snapshot snapshot, TestBackend backend)
    {
        await proxy.ApplyAsync(snapshot);
        var before = backend.Received;
        await TestProxy.UntilAsync(async () =>
        {
            using var response = await proxy.Client.GetAsync("/whole?0", Cancellation);
            return backend.Received > before;
        }, "there is a place");
    }

    private static async Task<List<string>> AskAsync(TestProxy proxy, string version, int seed)
    {
        var chance = new Random(seed);
        using var client = proxy.NewClient(Version.Parse(version));
        List<string> wrong = [];
        for (var i = 0; i < RequestsEach; i++)
        {
            var ways = new[] { "whole", "chunks", "early", "cut", "reset", "slow" };
            var (way, id) = (ways[chance.Next(ways.Length)], $"{seed}-{i}");
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            if (chance.Next(3) == 0)
                patience.CancelAfter(TimeSpan.FromMilliseconds(chance.Next(1, 15)));
            using var request = new HttpRequestMessage(chance.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Post, $"/{way}?{id}");
            (request.Version, request.VersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
            if (request.Method == HttpMethod.Post)
                request.Content = new StringContent(new string('x', chance.Next(200_000)));
            try
            {
                using var response = await client.SendAsync(request, patience.Token);
                var text = await response.Content.ReadAsStringAsync(patience.Token);
                if (response.StatusCode == HttpStatusCode.OK && !text.StartsWith($"{way} {id}", StringComparison.Ordinal))
                    wrong.Add($"{way} {id} got {text[..Math.Min(text.Length, 40)]}");
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
            {
                // Broken off by whichever side.
            }
        }

        return wrong;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var way = context.Request.Path.Value![1..];
        var answer = Encoding.ASCII.GetBytes($"{way} {context.Request.QueryString.Value![1..]}");
        var (response, gone) = (context.Response, context.RequestAborted);
        if (way is not "early" and not "reset")
            await context.Request.Body.CopyToAsync(Stream.Null, gone);
        switch (way)
        {
            case "reset":
                context.Abort();
                break;
            case "cut":
                response.ContentLength = answer.Length + 10;
                await response.Body.WriteAsync(answer, gone);
                await response.Body.FlushAsync(gone);
                context.Abort();
                break;
            case "chunks":
                foreach (var piece in answer.Chunk(2))
                {
                    await response.Body.WriteAsync(piece, gone);
                    await response.Body.FlushAsync(gone);
                    await Task.Yield();
                }

                await response.Body.WriteAsync(new byte[100_000], gone);
                break;
            default:
                response.ContentLength = answer.Length;
                await response.Body.WriteAsync(answer, gone);
                break;
        }
    }

    private static double InFlight(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith("meshcanary_proxy_requests_in_flight{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static Snapshot Of(ulong version, uint most, TestBackend stable, TestBackend canary, uint weight = 5000) => Snapshots.Of(
        version, Snapshots.At(stable.Address), Snapshots.At(canary.Address), weight, route =>
        {
            route.Stable.MaxConcurrentRequests = route.Canary.MaxConcurrentRequests = most;
            if (weight == 5000)
                route.Mirror = new Mirror { Share = 5000 };
        });
}
