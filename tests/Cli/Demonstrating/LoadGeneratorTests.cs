using MeshCanary.Cli.Demonstrating;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Waiting;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Cli.Tests.Demonstrating;

public sealed class LoadGeneratorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Load_OfAVersionThatFailsNowAndThen_CountsFailuresAndLosesNothing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var backend = await TestBackend.StartAsync("v1", stop);
        backend.Answer = BackendAnswers.EveryNth(10, BackendAnswers.Status(500), BackendAnswers.Ok);
        await using var load = new LoadGenerator(backend.Address, 1000, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Totals().Requests >= 200, Deadline, "200 requests", cancellation: stop);
        await load.StopAsync();
        var totals = load.Totals();
        Assert.Equal(0, totals.Lost);
        Assert.Equal(backend.Received, totals.Requests);
        Assert.Equal(backend.Received / 10, totals.Failures["v1"]);
    }

    [Fact]
    public async Task Load_OnBrokenConnections_CountsThemAsLost()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var backend = await TestBackend.StartAsync("v1", stop);
        backend.Answer = BackendAnswers.Abort;
        await using var load = new LoadGenerator(backend.Address, 1000, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Totals().Lost > 0, Deadline, "a lost request", cancellation: stop);
        Assert.Empty(load.Totals().Answers);
    }

    [Fact]
    public async Task Load_OfAnswersThatAreNotTheServices_CountsThemAsLost()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var backend = await TestBackend.StartAsync("v1", stop);
        backend.Answer = context =>
        {
            context.Response.Headers.Remove("x-version");
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        await using var load = new LoadGenerator(backend.Address, 1000, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Totals().Lost > 0, Deadline, "a lost request", cancellation: stop);
        Assert.Contains("HTTP 503 from the proxy", load.Totals().LostBy.Keys);
    }
}
