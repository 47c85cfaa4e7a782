using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Tests.Harness;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Tests.Transport;

public sealed class ClientConnectionTests
{
    private const int Large = 8 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_BytesThatCameInPieces_KeepsThemUntilTheyAreConsumed()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var input = pair.Connection.Transport.Input;
        await pair.SayAsync("one,", Cancellation);
        var first = await input.ReadAsync(Cancellation);
        Assert.Equal(4, first.Buffer.Length);
        input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        var next = input.ReadAsync(Cancellation);
        Assert.False(next.IsCompleted);

        await pair.SayAsync("two", Cancellation);

        var both = await next;
        Assert.Equal("one,two", Encoding.Latin1.GetString(both.Buffer.ToArray()));
        input.AdvanceTo(both.Buffer.GetPosition(4));
        Assert.True(input.TryRead(out var rest));
        Assert.Equal("two", Encoding.Latin1.GetString(rest.Buffer.ToArray()));
    }

    [Fact]
    public async Task Reader_MoreThanItsBuffer_IsReadWholeAndInOrder()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var sent = Pattern(Large);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
                at += await pair.Client.SendAsync(sent.AsMemory(at), Cancellation);
            pair.Client.Shutdown(SocketShutdown.Send);
        }, Cancellation);

        // Half of each reading only, so that what is left moves.
        var input = pair.Connection.Transport.Input;
        using var got = new MemoryStream();
        while (true)
        {
            var read = await input.ReadAsync(Cancellation);
            var part = read.IsCompleted ? read.Buffer : read.Buffer.Slice(0, (read.Buffer.Length / 2) + 1);
            got.Write(part.ToArray());
            input.AdvanceTo(part.End);
            if (read.IsCompleted)
                break;
        }

        await sending;
        Assert.Equal(sent, got.ToArray());
    }

    [Fact]
    public async Task Reader_PendingReadThatIsCancelled_SaysSoAndReadsOn()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var input = pair.Connection.Transport.Input;
        var waiting = input.ReadAsync(Cancellation);
        input.CancelPendingRead();
        Assert.True((await waiting).IsCanceled);

        using var limit = new CancellationTokenSource();
        var limited = input.ReadAsync(limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await limited);

        await pair.SayAsync("still there", Cancellation);
        Assert.Equal("still there", await pair.HearAsync(Cancellation));
    }

    [Fact]
    public async Task Client_ThatEndsItsSide_IsReadToTheEndAndAnswered()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        await pair.SayAsync("last words", Cancellation);
        pair.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal("last words", await pair.HearAsync(Cancellation));
        var end = await pair.Connection.Transport.Input.ReadAsync(Cancellation);
        Assert.True(end.IsCompleted && end.Buffer.IsEmpty);
        await TestProxy.UntilAsync(() => pair.Connection.ConnectionClosed.IsCancellationRequested, "the end is told");
        await pair.Connection.Transport.Output.WriteAsync("answer"u8.ToArray(), Cancellation);
        await pair.Connection.DisposeAsync();
        Assert.Equal("answer"u8.ToArray(), await pair.ClientReadsToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Client_ThatEndsWhileNobodyReads_IsNoticed()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        await pair.SayAsync("and gone", Cancellation);
        pair.Client.Shutdown(SocketShutdown.Send);

        await TestProxy.UntilAsync(() => pair.Connection.ConnectionClosed.IsCancellationRequested, "the end is told though nobody reads");
        Assert.Equal("and gone", await pair.HearAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_ThatResets_FailsTheRead(bool whileReading)
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var input = pair.Connection.Transport.Input;
        var reading = whileReading ? input.ReadAsync(Cancellation).AsTask() : null;
        pair.Client.LingerState = new LingerOption(true, 0);
        pair.Client.Dispose();

        await TestProxy.UntilAsync(() => pair.Connection.ConnectionClosed.IsCancellationRequested, "the reset is told");
        await Assert.ThrowsAsync<ConnectionResetException>(() => reading ?? input.ReadAsync(Cancellation).AsTask());
        var flushed = await pair.Connection.Transport.Output.WriteAsync(new byte[10], Cancellation);
        Assert.True(flushed.IsCompleted);
    }

    [Fact]
    public async Task Flush_ToAClientThatDoesNotRead_WaitsAndGoesOn()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var sent = Pattern(Large);
        var writing = pair.Connection.Transport.Output.WriteAsync(sent, Cancellation).AsTask();
        Assert.False(writing.IsCompleted);

        var reading = pair.ClientReadsToEndAsync(Cancellation);
        Assert.False((await writing).IsCompleted);
        await pair.Connection.DisposeAsync();

        Assert.Equal(sent, await reading);
    }

    [Fact]
    public async Task Flush_ThatWaits_EndsWithItsTokenAndWithTheConnection()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation);
        var output = pair.Connection.Transport.Output;
        using var limit = new CancellationTokenSource();
        var writing = output.WriteAsync(new byte[Large], limit.Token).AsTask();
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        var again = output.FlushAsync(Cancellation).AsTask();
        Assert.False(again.IsCompleted);
        pair.Connection.Abort();
        Assert.True((await again).IsCompleted);
        await pair.Connection.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_WithBytesThatAreNotSentYet_SendsThemFirst()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation, SocketPair.NewTransport(mostLeft: 2 * Large));
        var sent = Pattern(Large);
        Assert.False((await pair.Connection.Transport.Output.WriteAsync(sent, Cancellation)).IsCompleted);
        var closing = pair.Connection.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);

        Assert.Equal(sent, await pair.ClientReadsToEndAsync(Cancellation));
        await closing;
    }

    [Fact]
    public async Task Dispose_WithBytesThatNobodyRead_DoesNotTakeTheAnswerAway()
    {
        await using var pair = await SocketPair.MakeAsync(Cancellation, clientRoom: 1);
        await pair.SayAsync("refuse", Cancellation);
        Assert.Equal("refuse", await pair.HearAsync(Cancellation));
        await pair.Client.SendAsync(new byte[100_000], Cancellation);
        await TestProxy.UntilAsync(() => pair.Connection.Transport.Input.TryRead(out var more) && AndLeave(more.Buffer), "the rest has begun to come");

        // More than the client has room for: its end is still in this system when the socket closes.
        var sent = Pattern(8000);
        await pair.Connection.Transport.Output.WriteAsync(sent, Cancellation);
        await pair.Connection.DisposeAsync();

        Assert.Equal(sent, await pair.ClientReadsToEndAsync(Cancellation));

        bool AndLeave(ReadOnlySequence<byte> bytes)
        {
            pair.Connection.Transport.Input.AdvanceTo(bytes.Start, bytes.End);
            return true;
        }
    }

    [Fact]
    public async Task Connections_TenThousandThatCameAndWent_LeaveNoDescriptor()
    {
        const int Rounds = 200;
        const int AtATime = 50;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(AtATime);
        var transport = SocketPair.NewTransport();
        var address = (IPEndPoint)listener.LocalEndpoint;
        var before = Descriptors();
        var highest = new ConcurrentBag<int>();

        for (var round = 0; round < Rounds; round++)
        {
            var ends = Enumerable.Range(0, AtATime).Select(async number =>
            {
                using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await client.ConnectAsync(address, Cancellation);
                await using var connection = transport.Take(await listener.AcceptSocketAsync(Cancellation));
                if (number % 3 == 0)
                    connection.Abort();
                else if (number % 3 == 1)
                    await connection.Transport.Output.WriteAsync("bye"u8.ToArray(), Cancellation);
            });
            await Task.WhenAll(ends);
            highest.Add(Descriptors());
        }

        Assert.True(highest.Max() < before + (Rounds * AtATime / 10), $"{before} descriptors before, {highest.Max()} at the most.");
        await TestProxy.UntilAsync(() => Descriptors() < before + 500, "the descriptors are given back");
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(i * 31 >> 3);
        return bytes;
    }
}
