using System.Net;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Configuring;

public sealed class ColdStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ControllerAway_ServesFromTheSnapshotFile()
    {
        using var folder = new TempFolder();
        var file = folder.PathOf("state", "snapshot");
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using (var before = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(7, Snapshots.At(backend.Address), change: route => route.Hosts.Add("shop.example")), options => options with { SnapshotFile = file }))
        {
            await TestProxy.UntilAsync(() => File.Exists(file), "the snapshot is saved");
        }

        var controller = await FakeController.StartAsync(Cancellation);
        await controller.StopAsync();
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: options => options with { SnapshotFile = file }, controller: controller);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "shop.example" } };
        Assert.Equal(HttpStatusCode.OK, (await proxy.Client.SendAsync(request, Cancellation)).StatusCode);
        Assert.StartsWith("200", await proxy.AdminAsync("/readyz", Cancellation), StringComparison.Ordinal);
        Assert.False(File.Exists(file + ".new"));
        // It may hold the keys that sign cookies.
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Start_FromFile_SaysItsVersionAndTakesTheNext()
    {
        using var folder = new TempFolder();
        var file = folder.PathOf("snapshot");
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using (var before = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(7, Snapshots.At(backend.Address)), options => options with { SnapshotFile = file }))
        {
            await TestProxy.UntilAsync(() => File.Exists(file), "the snapshot is saved");
        }

        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(8, Snapshots.At(backend.Address)), options => options with { SnapshotFile = file });

        Assert.Equal(7UL, Assert.Single(proxy.Controller.Hellos).ActiveVersion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("truncated")]
    [InlineData("invalid")]
    public async Task Start_DamagedFile_SetsItAsideSaysSoAndWaits(string damage)
    {
        using var folder = new TempFolder();
        var file = folder.PathOf("snapshot");
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var good = Snapshots.Of(7, Snapshots.At(backend.Address));
        await using (var before = await TestProxy.StartAsync(Cancellation, good, options => options with { SnapshotFile = file }))
            await TestProxy.UntilAsync(() => File.Exists(file), "the snapshot is saved");
        var whole = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(
            file,
            damage switch { "truncated" => whole[..^10], "invalid" => whole.Replace("http:", "ftp:", StringComparison.Ordinal), _ => damage },
            Cancellation);

        var controller = await FakeController.StartAsync(Cancellation);
        await controller.StopAsync();
        await using var proxy = await TestProxy.StartAsync(Cancellation, change: options => options with { SnapshotFile = file }, controller: controller);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);
        Assert.StartsWith("503 no configuration yet", await proxy.AdminAsync("/readyz", Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("200", await proxy.AdminAsync("/healthz", Cancellation), StringComparison.Ordinal);
        Assert.Contains(proxy.Log.Lines, line => line.Text.Contains(file, StringComparison.Ordinal) && line.Text.Contains(".corrupt", StringComparison.Ordinal));
        Assert.True(File.Exists(file + ".corrupt") && !File.Exists(file));
    }

    [Fact]
    public async Task Start_TokenFileMissing_NamesIt()
    {
        using var folder = new TempFolder();
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1")) with { TokenFile = folder.PathOf("token") };

        var fault = await Assert.ThrowsAsync<IOException>(() => ProxyServer.StartAsync(options, TimeProvider.System, new LogSink(), Cancellation));

        Assert.Contains(folder.PathOf("token"), fault.Message, StringComparison.Ordinal);
    }
}
