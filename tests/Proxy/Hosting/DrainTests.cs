using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class DrainTests
{
    private const byte Settings = 4;
    private const byte GoAway = 7;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_UnderLoad_NoRequestFails()
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates(folder);
        var tls = new TlsOptions { Certificates = [certificates.Write("a", "a")] };
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with
        {
            DrainDelay = TimeSpan.FromMilliseconds(300), ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)], Tls = tls,
        });
        await using var hammer = new Hammer();
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            for (var i = 0; i < 2; i++)
                hammer.Add(() => proxy.NewClient(version), mayBeClosed: true).Add(() => TlsClient.New(proxy, version), mayBeClosed: true);
        }

        await hammer.MoreAsync(300);
        await proxy.Server.StopAsync(Cancellation).WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
        await hammer.EndAsync();

        Assert.True(hammer.Failures.IsEmpty, string.Join("\n", hammer.Failures));
        Assert.Equal(backend.Received, hammer.Served);
    }

    [Fact]
    public async Task Stop_WhileDelayed_AnswersOfHttp1SayThatTheConnectionEnds()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { DrainDelay = TimeSpan.FromMinutes(5) });
        using (var before = await proxy.Client.GetAsync("/", Cancellation))
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        using var enough = new CancellationTokenSource();

        var stopping = proxy.Server.StopAsync(enough.Token);

        await TestProxy.UntilAsync(
            async () =>
            {
                using var answer = await proxy.Client.GetAsync("/", Cancellation);
                return answer.Headers.ConnectionClose == true;
            },
            "the answers say that the connection ends");
        await enough.CancelAsync();
        await stopping.WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task Stop_ConnectionOfHttp2_IsToldByGoAway()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Server.Listen, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"u8.ToArray(), Cancellation);
        var (type, _) = await FrameAsync(stream);
        Assert.Equal(Settings, type);

        var stopping = proxy.Server.StopAsync(Cancellation);

        byte[] payload;
        do
            (type, payload) = await FrameAsync(stream);
        while (type != GoAway);
        // No error: behind the last stream's number.
        Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4)));
        await stopping.WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
    }

    private static async Task<(byte Type, byte[] Payload)> FrameAsync(NetworkStream stream)
    {
        var head = new byte[9];
        await stream.ReadExactlyAsync(head, Cancellation);
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(payload, Cancellation);
        return (head[3], payload);
    }
}
