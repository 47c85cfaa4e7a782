using Grpc.Core;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Tests.Protos;

namespace MeshCanary.Proxy.Tests.Protocols;

public sealed class GrpcKindsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientStream_AllMessages_AreAnsweredOnce()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using var call = new Echo.EchoClient(channel).Join(cancellationToken: Cancellation);

        foreach (var text in (string[])["a", "b", "c"])
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text }, Cancellation);
        await call.RequestStream.CompleteAsync();

        Assert.Equal("abc", (await call.ResponseAsync).Text);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Metadata_HeadersAndTrailers_PassBothWays()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        byte[] binary = [0, 255, 13, 10];
        using var call = new Echo.EchoClient(channel).SayAsync(
            new EchoRequest { Text = "hello" }, new Metadata { { "echo-text", "t" }, { "echo-bin", binary } }, cancellationToken: Cancellation);

        var headers = await call.ResponseHeadersAsync;
        await call.ResponseAsync;

        Assert.Equal("t", headers.GetValue("echo-text"));
        Assert.Equal(binary, call.GetTrailers().GetValueBytes("echo-bin"));
    }

    [Fact]
    public async Task Message_OfMegabytes_PassesBothWays()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        var text = new string('x', 3_500_000);

        var reply = await new Echo.EchoClient(channel).SayAsync(new EchoRequest { Text = text }, cancellationToken: Cancellation);

        Assert.Equal(text, reply.Text);
    }

    [Fact]
    public async Task Deadline_OfTheClient_ReachesTheServerAndEndsTheCall()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300);
        using var call = new Echo.EchoClient(channel).Chat(deadline: deadline, cancellationToken: Cancellation);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await TestProxy.UntilAsync(() => backend.Ended == 1, "the server's side of the call has ended");
        await proxy.ReportedAsync(1);
        // Whether the client or the server looked at its clock first decides as what, but never as a success.
        Assert.Equal((0, 1), (proxy.Controller.Store.Sums().Succeeded, proxy.Controller.Store.Sums().Finished));
    }

    [Fact]
    public async Task Cancel_ByTheClient_EndsTheServersSide()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using (var call = new Echo.EchoClient(channel).Chat(cancellationToken: Cancellation))
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "hello" }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }

        await TestProxy.UntilAsync(() => backend.Ended == 1, "the server's side of the call has ended");
    }

    [Fact]
    public async Task Cancel_ByTheServer_ReachesTheClientAsItsStatus()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using var call = new Echo.EchoClient(channel).Chat(cancellationToken: Cancellation);

        await call.RequestStream.WriteAsync(new EchoRequest { Text = "hello", FailWith = (int)StatusCode.Cancelled }, Cancellation);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }
}
