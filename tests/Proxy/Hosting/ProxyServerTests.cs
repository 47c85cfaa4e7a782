using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class ProxyServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_PortInUse_NamesAddressAndRemedy(bool admin)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = (IPEndPoint)taken.LocalEndpoint;
        var log = new LogSink();
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        options = admin ? options with { Admin = address } : options with { Listen = [address] };

        var fault = await Assert.ThrowsAsync<IOException>(() => ProxyServer.StartAsync(options, TimeProvider.System, log, Cancellation));

        Assert.StartsWith($"Cannot listen on {address} for ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("in use", fault.Message, StringComparison.Ordinal);
        Assert.Contains("another port", fault.Message, StringComparison.Ordinal);
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stop_RequestInFlight_IsFinishedAndCountedWhileNotReady(string version)
    {
        var release = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = async context =>
        {
            await release.Task;
            await BackendAnswers.Ok(context);
        } }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        Assert.StartsWith("200", await proxy.AdminAsync("/readyz", Cancellation), StringComparison.Ordinal);
        using var client = proxy.NewClient(Version.Parse(version));
        var slow = client.GetAsync("/", Cancellation);
        await TestProxy.UntilAsync(() => backend.Received == 1, "the request arrives");

        var stopping = proxy.Server.StopAsync(Cancellation);
        await TestProxy.UntilAsync(async () => (await proxy.AdminAsync("/readyz", Cancellation)).StartsWith("503 draining", StringComparison.Ordinal), "the proxy is not ready");
        await TestProxy.UntilAsync(() => ConnectsNot(proxy), "no new connection is taken");
        Assert.False(stopping.IsCompleted);
        release.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);
        await stopping.WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
        Assert.True(proxy.Server.Completion.IsCompletedSuccessfully);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Stop_Cancelled_StillStopsEverything()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Hang }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        var endless = proxy.Client.GetAsync("/", Cancellation);
        await TestProxy.UntilAsync(() => backend.Received == 1, "the request arrives");

        await proxy.Server.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);

        await Assert.ThrowsAsync<HttpRequestException>(() => endless);
        Assert.True(proxy.Server.Completion.IsCompletedSuccessfully);
        Assert.Equal(1, proxy.Controller.Store.Sums().ClientAborts);
    }

    [Fact]
    public async Task Stop_RequestThatNeverEnds_IsBrokenOffAfterTheDrainTimeout()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Hang }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        var endless = proxy.Client.GetAsync("/", Cancellation);
        await TestProxy.UntilAsync(() => backend.Received == 1, "the request arrives");

        await proxy.Server.StopAsync(Cancellation).WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);

        await Assert.ThrowsAsync<HttpRequestException>(() => endless);
        Assert.Equal(1, proxy.Controller.Store.Sums().Finished);
    }

    [Fact]
    public async Task Metrics_AfterRequests_TellTheSameAsTheReports()
    {
        await using var stable = await TestBackend.StartAsync("v1", Cancellation);
        await using var canary = await TestBackend.StartAsync(new TestBackendOptions { Version = "v2", Answer = BackendAnswers.Status(503) }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(stable.Address)));
        for (var i = 0; i < 7; i++)
            await proxy.Client.GetAsync("/", Cancellation);
        await proxy.ApplyAsync(Snapshots.Of(2, Snapshots.At(stable.Address), Snapshots.At(canary.Address), 10_000));
        for (var i = 0; i < 5; i++)
            await proxy.Client.GetAsync("/", Cancellation);
        await proxy.ReportedAsync(12);

        var metrics = await proxy.AdminAsync("/metrics", Cancellation);

        Assert.StartsWith("200", metrics, StringComparison.Ordinal);
        string[] expected =
        [
            """meshcanary_proxy_requests_total{route="shop/checkout",revision="v1",arm="stable",class="success"} 7""",
            """meshcanary_proxy_requests_total{route="shop/checkout",revision="v2",arm="canary",class="server_error"} 5""",
            """meshcanary_proxy_request_duration_seconds_count{route="shop/checkout",revision="v1",arm="stable"} 7""",
            """meshcanary_proxy_request_duration_seconds_bucket{route="shop/checkout",revision="v1",arm="stable",le="+Inf"} 7""",
            """meshcanary_proxy_requests_in_flight{route="shop/checkout",revision="v1",arm="stable"} 0""",
            """meshcanary_proxy_draws_total{route="shop/checkout",arm="stable"} 7""",
            """meshcanary_proxy_draws_total{route="shop/checkout",arm="canary"} 5""",
            "meshcanary_proxy_snapshot_version 2",
            "meshcanary_proxy_controller_connected 1",
            "meshcanary_proxy_snapshots_refused_total 0",
            "process_working_set_bytes ",
            "process_open_handles ",
            "dotnet_total_memory_bytes ",
        ];
        Assert.All(expected, line => Assert.Contains(line, metrics, StringComparison.Ordinal));
    }

    private static async Task<bool> ConnectsNot(TestProxy proxy)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(proxy.Server.Listen, Cancellation);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
