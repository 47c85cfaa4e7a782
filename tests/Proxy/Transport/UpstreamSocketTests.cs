using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Transport;

namespace MeshCanary.Proxy.Tests.Transport;

public sealed class UpstreamSocketTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_WhereNobodyListens_IsRefused(bool onLoop)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();

        var fault = await Assert.ThrowsAnyAsync<SocketException>(async () => await UpstreamSocket.ConnectAsync(address, onLoop, Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_ThatIsCancelled_Ends(bool onLoop)
    {
        // The system takes one or two more than it is told, and then lets clients wait.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        using var limit = new CancellationTokenSource();
        List<Task<UpstreamSocket>> attempts = [];
        for (var i = 0; i < 8; i++)
            attempts.Add(UpstreamSocket.ConnectAsync(address, onLoop, limit.Token).AsTask());
        await TestProxy.UntilAsync(() => attempts.Any(one => one.IsCompletedSuccessfully), "one is connected");

        await limit.CancelAsync();

        var ends = await Task.WhenAll(attempts.Select(async one =>
        {
            try
            {
                (await one).Dispose();
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }));
        Assert.Contains(false, ends);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Socket_EndedWhileItSendsAndReceives_FailsBoth(bool onLoop)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var upstream = await UpstreamSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, onLoop, Cancellation);
        using var accepted = await listener.AcceptSocketAsync(Cancellation);
        var receiving = upstream.ReceiveAsync(new byte[10]).AsTask();
        var sending = Task.CompletedTask;
        while (sending.IsCompleted)
            sending = upstream.SendAsync(new byte[1024 * 1024]).AsTask();

        upstream.Dispose();

        await Assert.ThrowsAnyAsync<SocketException>(() => receiving);
        await Assert.ThrowsAnyAsync<SocketException>(() => sending);
        await Assert.ThrowsAnyAsync<Exception>(async () => await upstream.SendAsync(new byte[1]));
        await Assert.ThrowsAnyAsync<Exception>(async () => await upstream.ReceiveAsync(new byte[1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Socket_AnUpstreamThatReadsLate_GetsEverythingInOrder(bool onLoop)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var upstream = await UpstreamSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, onLoop, Cancellation);
        using var accepted = await listener.AcceptSocketAsync(Cancellation);
        var sent = new byte[4 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
                at += await upstream.SendAsync(sent.AsMemory(at));
        }, Cancellation);

        var got = new byte[sent.Length];
        for (var at = 0; at < got.Length;)
            at += await accepted.ReceiveAsync(got.AsMemory(at), Cancellation);

        await sending;
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task Post_OutsideOfALoop_IsNotTaken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var upstream = await UpstreamSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, onLoop: true, Cancellation);
        await Task.Run(() => Assert.False(upstream.TryPost(new byte[1])), Cancellation);
        Assert.False(upstream.IsSending);
    }
}
