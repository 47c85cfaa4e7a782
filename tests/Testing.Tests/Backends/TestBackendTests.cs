using System.Net;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Waiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Testing.Tests.Backends;

public sealed class TestBackendTests : IDisposable
{
    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Answer_Default_IsOkWithTheVersion()
    {
        await using var backend = await TestBackend.StartAsync("v3", Cancellation);

        using var response = await _client.GetAsync(backend.Address, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("v3", response.Headers.GetValues("x-version").Single());
        Assert.Equal((1, 1), (backend.Received, backend.Served));
    }

    [Fact]
    public async Task Answer_Changed_HoldsFromTheNextRequest()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        backend.Answer = BackendAnswers.EveryNth(2, BackendAnswers.Status(503), BackendAnswers.Ok);

        using var first = await _client.GetAsync(backend.Address, Cancellation);
        using var second = await _client.GetAsync(backend.Address, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Answer_Abort_IsReceivedAndNotServed()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Abort }, Cancellation);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(backend.Address, Cancellation));

        Assert.Equal((1, 0), (backend.Received, backend.Served));
    }

    [Fact]
    public async Task StartAsync_Http2_ServesPriorKnowledge()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Protocols = HttpProtocols.Http2 }, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, backend.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public async Task StopAsync_RequestInFlight_EndsAsItWould()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    arrived.SetResult();
                    await release.Task;
                    await context.Response.WriteAsync("late", context.RequestAborted);
                },
            },
            Cancellation);

        var answer = _client.GetStringAsync(backend.Address, Cancellation);
        await arrived.Task;
        var stop = backend.StopAsync(Cancellation);
        release.SetResult();

        Assert.Equal("late", await answer);
        await stop;
    }

    [Fact]
    public async Task RestartAsync_AfterAnAbort_ListensOnTheSamePort()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var address = backend.Address;
        await _client.GetStringAsync(address, Cancellation);

        await backend.AbortAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(address, Cancellation));
        await backend.RestartAsync(Cancellation);

        Assert.Equal(address, backend.Address);
        Assert.Equal("ok", await _client.GetStringAsync(address, Cancellation));
    }

    [Fact]
    public async Task AbortAsync_RequestHangs_DropsIt()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Hang }, Cancellation);
        var answer = _client.GetStringAsync(backend.Address, Cancellation);
        await Eventually.TrueAsync(
            () => backend.Received == 1, TimeSpan.FromSeconds(10), "the request arrives", cancellation: Cancellation);

        await backend.AbortAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }
}
