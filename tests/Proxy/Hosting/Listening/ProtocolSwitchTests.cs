using System.Buffers;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Hosting.Listening;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Hosting.Listening;

public sealed class ProtocolSwitchTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Judge_EveryPartOfThePreface_WaitsForTheRest()
    {
        for (var length = 0; length < Preface.Length; length++)
            Assert.Null(ProtocolSwitch.Judge(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(Preface[..length]))));
    }

    [Theory]
    [InlineData(Preface, true)]
    [InlineData(Preface + "more", true)]
    [InlineData("GET / HTTP/1.1", false)]
    [InlineData("PRI * HTTP/1.1", false)]
    [InlineData("PUT / HTTP/1.1", false)]
    public void Judge_EnoughBytes_Tells(string bytes, bool http2) =>
        Assert.Equal(http2, ProtocolSwitch.Judge(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(bytes))));

    [Fact]
    public async Task Connection_BytesInDrops_IsUnderstood()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(proxy.Server.Listen, Cancellation);

        // Starts like the preface does.
        foreach (var drop in "PRIVATE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await socket.SendAsync(new[] { (byte)drop }, Cancellation);

        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 130)]
    [InlineData("PRI * HT", 30)]
    public async Task Connection_SaysTooLittleForTooLong_IsClosed(string said, int limit)
    {
        var time = new FakeTimeProvider();
        await using var proxy = await TestProxy.StartAsync(Cancellation, time: time);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(proxy.Server.Listen, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(said), Cancellation);

        var closed = socket.ReceiveAsync(new byte[1], Cancellation).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(closed.IsCompleted);
        await TestProxy.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(limit));
                return closed.IsCompleted;
            },
            "the connection is closed");

        Assert.Equal(0, await closed);
    }

    [Fact]
    public async Task Stop_ConnectionThatNeverSpoke_DoesNotHoldItUp()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: options => options with { DrainTimeout = TimeSpan.FromMinutes(5) });
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(proxy.Server.Listen, Cancellation);

        await proxy.Server.StopAsync(Cancellation).WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
    }
}
