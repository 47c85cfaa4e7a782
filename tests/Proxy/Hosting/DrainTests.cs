using System.Net;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class DrainTests
{
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

        Assert.Empty(hammer.Failures);
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
}
