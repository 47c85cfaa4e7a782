using System.Net;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Hosting.Tls;

public sealed class CertificateReloadTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates;
    private readonly FakeTimeProvider _time = new();

    public CertificateReloadTests() => _certificates = new TestCertificates(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_Changed_AreShownToNewConnectionsWhileOldOnesLiveOn()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend, _certificates.Write("a", "before"));
        var connections = 0;
        using var old = TlsClient.New(proxy, HttpVersion.Version20, shown: _ => connections++);
        await old.GetStringAsync("/", Cancellation);

        _certificates.Write("a", "after");
        await ShownAsync(proxy, "CN=after");

        Assert.Equal("ok", await old.GetStringAsync("/", Cancellation));
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Folder_LinkIsMoved_IsSeen()
    {
        foreach (var version in (string[])["before", "after"])
        {
            Directory.CreateDirectory(_folder.PathOf($"..{version}"));
            _certificates.Write($"..{version}/tls", version);
        }

        // As a mounted secret: the files are links through a link that is replaced.
        File.CreateSymbolicLink(_folder.PathOf("..data"), "..before");
        var files = new CertificateFiles(_folder.PathOf("tls.crt"), _folder.PathOf("tls.key"));
        File.CreateSymbolicLink(files.Certificate, "..data/tls.crt");
        File.CreateSymbolicLink(files.Key, "..data/tls.key");
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend, files);
        await ShownAsync(proxy, "CN=before");

        File.Delete(_folder.PathOf("..data"));
        File.CreateSymbolicLink(_folder.PathOf("..data"), "..after");

        await ShownAsync(proxy, "CN=after");
    }

    [Fact]
    public async Task File_Broken_KeepsTheOneBeforeAndTellsOnce()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var files = _certificates.Write("a", "before");
        await using var proxy = await StartAsync(backend, files);

        _folder.Write("a.crt", "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
        await MetricAsync(proxy, "meshcanary_proxy_certificate_reload_failures_total 1");
        for (var i = 0; i < 5; i++)
            _time.Advance(CertificateStore.Pace);

        Assert.Equal(("CN=before", "ok"), await TlsClient.AskAsync(proxy, null, Cancellation));
        Assert.Single(proxy.Log.Lines, line => line.Text.Contains("stay in force", StringComparison.Ordinal) && line.Text.Contains(files.Certificate, StringComparison.Ordinal));
        await MetricAsync(proxy, $"meshcanary_proxy_certificate_expiry_timestamp_seconds{{file=\"{files.Certificate}\"}}");

        _certificates.Write("a", "after");
        await ShownAsync(proxy, "CN=after");
    }

    private Task ShownAsync(TestProxy proxy, string subject) => TestProxy.UntilAsync(
        async () =>
        {
            _time.Advance(CertificateStore.Pace);
            return (await TlsClient.AskAsync(proxy, null, Cancellation)).Subject == subject;
        },
        $"{subject} is shown");

    private Task MetricAsync(TestProxy proxy, string line) => TestProxy.UntilAsync(
        async () =>
        {
            _time.Advance(CertificateStore.Pace);
            return (await proxy.AdminAsync("/metrics", Cancellation)).Contains(line, StringComparison.Ordinal);
        },
        $"the metrics say {line}");

    private Task<TestProxy> StartAsync(TestBackend backend, CertificateFiles files) => TestProxy.StartAsync(
        Cancellation,
        Snapshots.Of(1, Snapshots.At(backend.Address)),
        options => options with { ListenTls = [new IPEndPoint(IPAddress.Loopback, 0)], Tls = new TlsOptions { Certificates = [files] } },
        time: _time);
}
