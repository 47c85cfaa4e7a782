using System.Collections.Concurrent;
using Grpc.Health.V1;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class ProbeTests : IDisposable
{
    private readonly TestBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task Endpoint_New_IsWhatItsFirstProbeSays()
    {
        var release = new TaskCompletionSource();
        await using var good = await StartAsync(async context =>
        {
            Assert.Equal("/ready", context.Request.Path);
            await release.Task;
        });
        await using var bad = await StartAsync(BackendAnswers.Status(503));
        var set = _board.Apply(Checked(Snapshots.At(good.Address), Snapshots.At(bad.Address)));
        var (first, second) = (set.All.First(), set.All.Last());

        await TestProxy.UntilAsync(() => good.Received == 1, "the probe came without a wait");
        Assert.False(first.IsReady);
        Assert.Equal("it has not passed its first health check yet", first.Obstacle);
        release.SetResult();

        await TestProxy.UntilAsync(() => first.IsReady, "it is healthy");
        await TestProxy.UntilAsync(() => second.Obstacle == "its health check /ready answered 503", "the other is not");
        Assert.False(second.IsReady);
    }

    [Fact]
    public async Task Endpoint_Healthy_MayFailOnceAndIsOutAfterTwo()
    {
        var failing = 0;
        await using var backend = await StartAsync(context =>
        {
            if (Interlocked.Decrement(ref failing) >= 0)
                context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var endpoint = _board.Apply(Checked(Snapshots.At(backend.Address))).All.Single();
        await TestProxy.UntilAsync(() => endpoint.IsReady, "it is healthy");

        Volatile.Write(ref failing, 1);
        var before = backend.Received;
        await _board.UntilAsync(() => backend.Received >= before + 3, "it was asked again");
        Assert.DoesNotContain(_board.Log.Lines, line => line.Level == LogLevel.Warning);

        Volatile.Write(ref failing, 2);
        await _board.UntilAsync(() => Logged("is not healthy"), "two failures in a row take it out");
        await _board.UntilAsync(() => Logged("is healthy again"), "one success brings it back");
        Assert.True(endpoint.IsReady);
    }

    [Fact]
    public async Task Endpoint_ProbeHangs_HoldsUpNoOther()
    {
        await using var silent = await StartAsync(BackendAnswers.Hang);
        await using var good = await StartAsync(BackendAnswers.Ok);
        var arm = Checked(Snapshots.At(silent.Address), Snapshots.At(good.Address));
        arm.HealthCheck.IntervalMs = 100;
        arm.HealthCheck.TimeoutMs = 3_600_000;
        var set = _board.Apply(arm);

        await _board.UntilAsync(() => good.Received >= 5, "the other is asked again and again");
        Assert.Equal(1, silent.Received);
        await _board.UntilAsync(
            () => set.All.First().Obstacle == "its health check had no answer within 3600 s", "the probe ends", TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Endpoint_Leaves_ItsProbeIsCancelled()
    {
        var gone = new TaskCompletionSource();
        await using var backend = await StartAsync(async context =>
        {
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        _board.Apply(Checked(Snapshots.At(backend.Address)));
        await TestProxy.UntilAsync(() => backend.Received == 1, "it is probed");

        _board.Apply(TestBoard.Arm(1));

        await gone.Task.WaitAsync(TestProxy.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Endpoint_NothingListens_SaysSo()
    {
        await using var backend = await StartAsync(BackendAnswers.Ok);
        await backend.StopAsync(TestContext.Current.CancellationToken);
        var endpoint = _board.Apply(Checked(Snapshots.At(backend.Address))).All.Single();

        await TestProxy.UntilAsync(() => endpoint.Obstacle.Contains("refused", StringComparison.OrdinalIgnoreCase), "the obstacle is told");
    }

    [Fact]
    public async Task Probes_OfManyEndpoints_DoNotStayTogether()
    {
        var times = new ConcurrentBag<(int Round, TimeSpan At)>();
        var rounds = new ConcurrentDictionary<string, int>();
        var start = _board.Time.GetUtcNow();
        await using var backend = await StartAsync(context =>
        {
            var round = rounds.AddOrUpdate(context.Request.PathBase + context.Request.Path, 1, (_, before) => before + 1);
            times.Add((round, _board.Time.GetUtcNow() - start));
            return Task.CompletedTask;
        });
        _board.Apply(Checked([.. Enumerable.Range(0, 50).Select(i => $"{Snapshots.At(backend.Address)}/{i}")]));
        await _board.UntilAsync(() => times.Count(time => time.Round == 2) == 50, "all were asked twice", TimeSpan.FromMilliseconds(50));

        Assert.True(times.Where(time => time.Round == 2).Select(time => time.At).Distinct().Count() > 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GrpcHealth_Serving_IsHealthy(bool secure)
    {
        using var authority = new TestAuthority("authority");
        using var folder = new Testing.Files.TempFolder();
        using var certificate = authority.Sign("server", "127.0.0.1");
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http2, secure ? certificate : null, health: true);
        upstream.Health!.SetStatus("shop", HealthCheckResponse.Types.ServingStatus.Serving);
        var arm = TestBoard.Arm($"{(secure ? "https" : "http")}://127.0.0.1:{upstream.Port}");
        arm.HealthCheck = new HealthCheck { Grpc = new GrpcProbe { Service = "shop" } };
        if (secure)
            arm.Tls = new UpstreamTls { AuthorityFile = folder.Write("ca.pem", authority.Pem) };
        var endpoint = _board.Apply(arm).All.Single();

        await TestProxy.UntilAsync(() => endpoint.IsReady, "it serves");
        upstream.Health.SetStatus("shop", HealthCheckResponse.Types.ServingStatus.NotServing);
        await _board.UntilAsync(() => endpoint.Obstacle == "its gRPC health check of 'shop' answered NotServing", "it no longer does");
        upstream.Health.ClearStatus("shop");
        await _board.UntilAsync(() => endpoint.Obstacle == "its gRPC health check does not know the service 'shop'", "nor is it known");
    }

    [Fact]
    public async Task GrpcHealth_WithoutTheService_SaysWhatToAdd()
    {
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http2);
        var arm = TestBoard.Arm($"http://127.0.0.1:{upstream.Port}");
        arm.HealthCheck = new HealthCheck { Grpc = new GrpcProbe() };
        var endpoint = _board.Apply(arm).All.Single();

        await TestProxy.UntilAsync(() => endpoint.Obstacle.Contains("add that service", StringComparison.Ordinal), "the remedy is told");
    }

    private static Task<TestBackend> StartAsync(RequestDelegate answer) =>
        TestBackend.StartAsync(new TestBackendOptions { Answer = answer }, TestContext.Current.CancellationToken);

    private static Arm Checked(params string[] endpoints)
    {
        var arm = TestBoard.Arm(endpoints);
        arm.HealthCheck = new HealthCheck { HttpPath = "/ready" };
        return arm;
    }

    private bool Logged(string what) => _board.Log.Lines.Any(line => line.Text.Contains(what, StringComparison.Ordinal));
}
