using Grpc.Core;
using MeshCanary.Controller.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Distribution;

public sealed class HandshakeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _v1.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Proxy_OfAnotherProtocolVersion_IsRefusedWithBothVersions()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("old") { Hello = new Wire.Hello { ProtocolVersion = 7 } };
        await proxy.ConnectAsync(controller.Server.Control);
        await proxy.EndsAsync();

        Assert.Equal(StatusCode.FailedPrecondition, proxy.Ended!.StatusCode);
        Assert.Contains("version 7", proxy.Ended.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("version 1", proxy.Ended.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_WithOtherBuckets_IsRefused()
    {
        await using var controller = await StartAsync();
        await using var proxy = new FakeProxy("odd") { Hello = new Wire.Hello { Histogram = new Wire.HistogramLayout { BucketCount = 9 } } };
        await proxy.ConnectAsync(controller.Server.Control);
        await proxy.EndsAsync();

        Assert.Equal(StatusCode.FailedPrecondition, proxy.Ended!.StatusCode);
        Assert.Contains("9 buckets", proxy.Ended.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    public async Task Proxy_WithoutTheToken_IsRefusedWithARemedy(string? token)
    {
        await using var controller = await StartAsync(_folder.File("token"));
        await using var proxy = new FakeProxy("stranger");
        await proxy.ConnectAsync(controller.Server.Control, token);
        await proxy.EndsAsync();

        Assert.Equal(StatusCode.Unauthenticated, proxy.Ended!.StatusCode);
        Assert.Contains("token file", proxy.Ended.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(proxy.Snapshots);
    }

    [Fact]
    public async Task TokenFile_Absent_IsMadeForItsOwnerAloneAndLetsProxiesIn()
    {
        var file = _folder.File("token");
        await using var controller = await StartAsync(file);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await using var proxy = new FakeProxy("friend");
        await proxy.ConnectAsync(controller.Server.Control, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());

        await Eventually.Holds(() => proxy.Newest is not null, "No snapshot arrives");
    }

    [Fact]
    public async Task Instance_ThatConnectsAgain_ReplacesItsOldStream()
    {
        await using var controller = await StartAsync();
        await using var first = new FakeProxy("edge", "one");
        await using var second = new FakeProxy("edge", "one");
        await first.ConnectAsync(controller.Server.Control);
        await Eventually.Holds(() => first.Newest is not null, "No snapshot arrives");
        await second.ConnectAsync(controller.Server.Control);
        await first.EndsAsync();

        Assert.Equal(StatusCode.Unavailable, first.Ended!.StatusCode);
        await Eventually.Holds(() => second.Newest is not null, "No snapshot arrives");
        Assert.Single((await controller.ViewAsync()).Proxies);
    }

    [Fact]
    public async Task Names_OfTwoInstances_MayBeTheSame()
    {
        await using var controller = await StartAsync();
        await using var first = new FakeProxy("edge");
        await using var second = new FakeProxy("edge");
        await first.ConnectAsync(controller.Server.Control);
        await second.ConnectAsync(controller.Server.Control);

        await controller.Until(view => view.Proxies.Length == 2, "They are not both there");
        Assert.Null(first.Ended);
        Assert.Null(second.Ended);
    }

    [Fact]
    public async Task Proxy_ThatGoesSilent_IsDroppedAndNoLongerWaitedFor()
    {
        await using var controller = await StartAsync();
        await using var silent = new FakeProxy("silent") { Answer = _ => null };
        await using var alive = new FakeProxy("alive");
        await silent.ConnectAsync(controller.Server.Control);
        await alive.ConnectAsync(controller.Server.Control);
        await controller.Until(view => view.Proxies.Any(proxy => proxy.AcknowledgedVersion > 0), "Nobody answers");

        for (var second = 0; second < 12; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var sequence = await alive.ReportAsync(_time.GetUtcNow() - TimeSpan.FromSeconds(1), _time.GetUtcNow());
            await Eventually.Holds(() => alive.Receipted >= sequence, "The report is not receipted");
        }

        await silent.EndsAsync();
        var view = await controller.Until(view => view.Proxies.Count(proxy => proxy.Connected) == 1, "The silent proxy is still there");
        Assert.Equal("alive", view.Proxies.Single(proxy => proxy.Connected).Name);
        Assert.Null(alive.Ended);
    }

    private Task<TestController> StartAsync(string? tokenFile = null) => TestController.StartAsync(
        TestController.Options(_folder.Path, TestController.Manifest("checkout", _v1.Address)) with { TokenFile = tokenFile }, _time);
}
