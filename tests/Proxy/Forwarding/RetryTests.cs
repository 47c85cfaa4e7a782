using System.Net;
using System.Text;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class RetryTests : IAsyncLifetime
{
    private static readonly RequestDelegate Echo = async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    };

    private readonly string _nowhere = $"http://127.0.0.1:{FreePort.Find()}";
    private TestBackend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _backend = await TestBackend.StartAsync(new TestBackendOptions { Version = "v1", Answer = Echo }, Cancellation);

    public async ValueTask DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    public async Task Endpoint_RefusesTheConnection_AnotherGetsTheWholeRequest(string version, bool expectContinue)
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, [_nowhere, Snapshots.At(_backend.Address)], [], 0, Patient));
        using var client = proxy.NewClient(Version.Parse(version));

        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent($"body {i}") };
            request.Headers.ExpectContinue = expectContinue;
            using var response = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal($"body {i}", await response.Content.ReadAsStringAsync(Cancellation));
        }

        await proxy.Server.StopAsync(Cancellation);
        var sums = proxy.Controller.Store.Sums();
        Assert.Equal((20, 20), (sums.Succeeded, sums.Finished));
        Assert.InRange(sums.Retries, 1, 20);
        Assert.Equal(20, _backend.Received);
        var endpoints = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).SelectMany(r => r.Endpoints);
        Assert.All(endpoints, endpoint => Assert.Equal(Snapshots.At(_backend.Address), endpoint.Address));
    }

    [Theory]
    [InlineData(UpstreamProtocol.Auto, HttpProtocols.Http1)]
    [InlineData(UpstreamProtocol.Http2, HttpProtocols.Http2)]
    public async Task Endpoint_DoesNotAnswerTheConnection_AnotherGetsTheRequestLongBeforeTheLongestWait(UpstreamProtocol protocol, HttpProtocols spoken)
    {
        using var silent = new SilentPort();
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Version = "v1", Answer = Echo, Protocols = spoken }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation,
            Snapshots.Of(1, [silent.Address, Snapshots.At(backend.Address)], [], 0, route =>
            {
                Patient(route);
                route.Stable.Protocol = protocol;
            }),
            options => options with { ConnectTimeout = TimeSpan.FromMinutes(10), ConnectAttemptTimeout = TimeSpan.FromMilliseconds(20) });

        for (var i = 0; i < 20; i++)
        {
            using var response = await proxy.Client.PostAsync("/", new StringContent($"body {i}"), Cancellation);
            Assert.Equal($"body {i}", await response.Content.ReadAsStringAsync(Cancellation));
        }

        await proxy.Server.StopAsync(Cancellation);
        var sums = proxy.Controller.Store.Sums();
        Assert.Equal((20, 20), (sums.Succeeded, sums.Finished));
        Assert.InRange(sums.Retries, 1, 20);
    }

    [Fact]
    public async Task Endpoint_DoesNotAnswerTheConnectionAndIsTheOnlyOne_IsWaitedFor()
    {
        using var silent = new SilentPort();
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, silent.Address), options => options with { ConnectTimeout = TimeSpan.FromMinutes(10), ConnectAttemptTimeout = TimeSpan.FromMilliseconds(1) });

        var asked = proxy.Client.GetAsync("/", Cancellation);
        await TestProxy.UntilAsync(() => asked.IsCompleted || silent.Waiting > 0, "the proxy waits for a connection");
        // The packet that was lost comes again after a second.
        _ = silent.OpenAsync();

        using var response = await asked;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Canary_CannotBeReached_StableServesTheBodyAndItIsCountedAsDiverted()
    {
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, [Snapshots.At(_backend.Address)], [_nowhere, $"http://127.0.0.1:{FreePort.Find()}"], 10_000, route =>
            {
                Patient(route);
                route.Stickiness = new Stickiness { Cookie = "u" };
            }));

        using var response = await proxy.Client.PostAsync("/", new StringContent("hello"), Cancellation);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Single(response.Headers.GetValues("Set-Cookie"));
        await proxy.Server.StopAsync(Cancellation);
        var (stable, canary) = (proxy.Controller.Store.Sums("v1"), proxy.Controller.Store.Sums("v2"));
        Assert.Equal((1, 1, 0), (stable.Succeeded, stable.Diverted, stable.Retries));
        Assert.Equal((0, 2), (canary.Finished, canary.Retries));
        Assert.Equal((0, 1), proxy.Controller.Store.Draws());
        // The answer is not the canary's: the visit is nobody's.
        Assert.Equal((0, 0), proxy.Controller.Store.Users("v2"));
    }

    [Fact]
    public async Task Nothing_CanBeReached_ThreeAreTriedAndItIsOneFailure()
    {
        string[] nowhere = [.. Enumerable.Range(0, 5).Select(_ => $"http://127.0.0.1:{FreePort.Find()}").Distinct()];
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, nowhere, [], 0, Patient));

        using var response = await proxy.Client.PostAsync("/", new StringContent("hello"), Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        await proxy.Server.StopAsync(Cancellation);
        var sums = proxy.Controller.Store.Sums();
        Assert.Equal((1, 1, 2), (sums.ConnectionFailures, sums.Finished, sums.Retries));
    }

    [Fact]
    public async Task Endpoint_TookTheRequestAndBrokeOff_IsNotTriedElsewhere()
    {
        await using var breaking = new RawBackend(_ => null);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, [Snapshots.At(_backend.Address)], [breaking.Address], 10_000));

        using var response = await proxy.Client.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal((1, 0), (proxy.Controller.Store.Sums("v2").ConnectionFailures, proxy.Controller.Store.Sums().Retries));
        Assert.Equal(0, _backend.Received);
    }

    [Fact]
    public async Task Endpoint_DoesNotSpeakTls_AnotherGetsTheRequest()
    {
        await using var plain = new RawBackend(_ => RawBackend.Ok);
        var secure = plain.Address.Replace("http:", "https:", StringComparison.Ordinal);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, [Snapshots.At(_backend.Address)], [secure], 10_000));

        Assert.Equal("x", await (await proxy.Client.PostAsync("/", new StringContent("x", Encoding.ASCII), Cancellation)).Content.ReadAsStringAsync(Cancellation));
    }

    // Endpoints are not taken out of rotation, so that every request may meet them.
    private static void Patient(Route route)
    {
        route.Stable.Outliers = new OutlierEjection { Unreachable = 1000 };
        if (route.Canary is not null)
            route.Canary.Outliers = route.Stable.Outliers.Clone();
    }
}
