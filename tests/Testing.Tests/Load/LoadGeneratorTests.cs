using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Load;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Testing.Tests.Load;

public class LoadGeneratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StopAsync_MixedAnswers_EveryRequestIsCountedOnce()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Version = "v2",
                Answer = BackendAnswers.EveryNth(
                    5, BackendAnswers.Abort, BackendAnswers.EveryNth(4, BackendAnswers.Status(500), BackendAnswers.Ok)),
            },
            Cancellation);
        await using var load = LoadGenerator.Start(new LoadPlan(backend.Address, double.PositiveInfinity) { Workers = 4 });

        await ReachesAsync(load, 1_000);
        var totals = await load.StopAsync();

        var received = backend.Received;
        Assert.Equal(totals.Sent, totals.Answered + totals.Lost);
        Assert.Equal(received / 5, totals.Lost);
        Assert.Equal((received - totals.Lost) / 4, totals.Of("v2").Failed);
        Assert.Equal(received - totals.Lost - totals.Of("v2").Failed, totals.Of("v2").Succeeded);
        Assert.NotEmpty(totals.LostReasons);
    }

    [Fact]
    public async Task StopAsync_RequestsInFlight_AreNotLost()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions { Answer = BackendAnswers.After(TimeSpan.FromMilliseconds(50), BackendAnswers.Ok) }, Cancellation);
        await using var load = LoadGenerator.Start(new LoadPlan(backend.Address, double.PositiveInfinity) { Workers = 16 });

        await ReachesAsync(load, 20);
        var totals = await load.StopAsync();

        Assert.Equal((totals.Sent, 0), (totals.Of("v1").Succeeded, totals.Lost));
        Assert.Equal(backend.Received, totals.Sent);
    }

    [Fact]
    public async Task Totals_NobodyListens_AllAreLost()
    {
        var backend = await TestBackend.StartAsync("v1", Cancellation);
        await backend.DisposeAsync();
        await using var load = LoadGenerator.Start(new LoadPlan(backend.Address, double.PositiveInfinity) { Workers = 1 });

        await ReachesAsync(load, 10);
        var totals = await load.StopAsync();

        Assert.Equal((totals.Sent, 0), (totals.Lost, totals.Answered));
    }

    [Fact]
    public async Task Prepare_Given_SeesEveryNumberOnce()
    {
        var paths = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = context =>
                {
                    paths.Add(context.Request.Path.Value!);
                    return BackendAnswers.Ok(context);
                },
            },
            Cancellation);
        await using var load = LoadGenerator.Start(new LoadPlan(backend.Address, double.PositiveInfinity)
        {
            Prepare = (request, number) => request.RequestUri = new Uri(request.RequestUri!, $"/{number}"),
        });

        await ReachesAsync(load, 100);
        var totals = await load.StopAsync();

        Assert.Equal(
            Enumerable.Range(0, (int)totals.Sent).Select(i => $"/{i}").Order(StringComparer.Ordinal),
            paths.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Start_RateIsNotPositive_IsRefused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LoadGenerator.Start(new LoadPlan(new Uri("http://127.0.0.1"), rate)));

    private static Task ReachesAsync(LoadGenerator load, long requests) => Eventually.TrueAsync(
        () => load.Totals.Sent >= requests, TimeSpan.FromSeconds(30), $"{requests} requests", load.Totals.ToString, Cancellation);
}
