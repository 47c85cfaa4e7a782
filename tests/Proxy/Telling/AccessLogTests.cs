using System.Net;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using MeshCanary.Testing.Files;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Tests.Telling;

public sealed class AccessLogTests : IAsyncLifetime, IDisposable
{
    private readonly KeptLines _log = new();
    private readonly TempFolder _folder = new();
    private TestBackend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await TestBackend.StartAsync("v1", Cancellation);

    public async ValueTask DisposeAsync() => await _backend.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Share_OfAQuarter_DrawsAboutAsMany()
    {
        const int Requests = 1000;
        await using (var proxy = await ServeAsync(new AccessLogOptions { Sink = _log, Share = 0.25 }))
            await SendAsync(proxy, Requests);

        // Seven standard deviations.
        Assert.InRange(_log.Lines.Count, 154, 346);
    }

    [Fact]
    public async Task Share_OfNothingAndEveryFailure_TellsFailuresOnly()
    {
        await using (var proxy = await ServeAsync(new AccessLogOptions { Sink = _log, Share = 0, EveryFailure = true }))
        {
            await SendAsync(proxy, 5);
            _backend.Answer = BackendAnswers.Status(404);
            await SendAsync(proxy, 1);
            _backend.Answer = BackendAnswers.Status(500);
            await SendAsync(proxy, 2);
            _backend.Answer = BackendAnswers.Abort;
            await SendAsync(proxy, 1);
        }

        Assert.Equal(["server_error", "server_error", "connection_failure"], _log.Parsed.Select(line => line.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Share_ChangedWhileServing_IsInForceAtOnce()
    {
        await using (var proxy = await ServeAsync(new AccessLogOptions { Sink = _log, Share = 0 }))
        {
            await SendAsync(proxy, 3);
            var options = TestProxy.Options(proxy.Controller.Address) with { AccessLog = new AccessLogOptions { Share = 1 } };
            Assert.Empty(await proxy.Server.ChangeAsync(options, Cancellation));
            await SendAsync(proxy, 2);
        }

        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task File_Changed_NeedsARestart()
    {
        await using var proxy = await ServeAsync(new AccessLogOptions { Sink = _log });
        var options = TestProxy.Options(proxy.Controller.Address);

        Assert.Equal(["AccessLog"], await proxy.Server.ChangeAsync(options with { AccessLog = new AccessLogOptions { File = "other" } }, Cancellation));
        Assert.Equal(["AccessLog"], await proxy.Server.ChangeAsync(options, Cancellation));
    }

    [Fact]
    public async Task Sink_Hangs_RequestsGoOnAndLostLinesAreCounted()
    {
        // More than what waits and what is in the write that hangs.
        const int Requests = 10_000;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Gate = gate.Task;
        await using (var proxy = await ServeAsync(new AccessLogOptions { Sink = _log }))
        {
            // Enough lines to fill what may wait, without a connection for each: the proxy answers these itself.
            await SendAsync(proxy, Requests, "/none");

            var dropped = await DroppedAsync(proxy);
            Assert.InRange(dropped, 1, Requests - 1);
            Assert.Empty(_log.Lines);
            gate.SetResult();
            await TestProxy.UntilAsync(() => _log.Lines.Count + dropped == Requests, "what waited is written");
        }
    }

    [Fact]
    public async Task Sink_Fails_LinesAreCountedAndToldOnceAndItRecovers()
    {
        _log.Fault = new IOException("No space left on device");
        await using var proxy = await ServeAsync(new AccessLogOptions { Sink = _log });
        await SendAsync(proxy, 1);
        await TestProxy.UntilAsync(async () => await DroppedAsync(proxy) == 1, "the line is lost");
        await SendAsync(proxy, 1);
        await TestProxy.UntilAsync(async () => await DroppedAsync(proxy) == 2, "the other is lost");

        _log.Fault = null;
        await SendAsync(proxy, 1);
        await _log.SingleAsync();

        await TestProxy.UntilAsync(() => proxy.Log.Lines.Any(line => line.Text.Contains("can be written again", StringComparison.Ordinal)), "the recovery is told");
        Assert.Single(proxy.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("No space left on device", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_MovedAway_IsOpenedAnewAndNoLineIsLost()
    {
        var path = _folder.PathOf("access.log");
        await using var proxy = await ServeAsync(new AccessLogOptions { File = path });
        await SendAsync(proxy, 2);
        await WrittenAsync(path, 2);

        File.Move(path, path + ".1");
        await SendAsync(proxy, 3);
        await WrittenAsync(path, 3);

        Assert.Equal(2, File.ReadAllLines(path + ".1").Length);
    }

    [Fact]
    public async Task File_ReplacedOrCut_IsContinued()
    {
        var path = _folder.PathOf("access.log");
        File.WriteAllText(path, "kept\n");
        await using var proxy = await ServeAsync(new AccessLogOptions { File = path });
        await SendAsync(proxy, 1);
        await WrittenAsync(path, 2);
        Assert.Equal("kept", File.ReadLines(path).First());

        // As a rotation does that makes the new file itself.
        File.Move(path, path + ".1");
        File.WriteAllText(path, "");
        await SendAsync(proxy, 1);
        await WrittenAsync(path, 1);

        // As a rotation does that copies and cuts.
        using (var cut = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            cut.SetLength(0);
        await SendAsync(proxy, 1);
        await WrittenAsync(path, 1);
        Assert.StartsWith("{\"time\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_CannotBeOpened_IsSaidAtTheStart()
    {
        var path = Path.Combine(_folder.PathOf("absent"), "access.log");

        var fault = await Assert.ThrowsAsync<IOException>(() => ServeAsync(new AccessLogOptions { File = path }));

        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    private static async Task WrittenAsync(string path, int lines) =>
        await TestProxy.UntilAsync(() => File.Exists(path) && File.ReadAllLines(path).Length == lines, $"{path} has {lines} lines");

    private static async Task<int> DroppedAsync(TestProxy proxy)
    {
        var metrics = await proxy.AdminAsync("/metrics", Cancellation);
        var line = metrics.Split('\n').Single(it => it.StartsWith("meshcanary_proxy_access_log_dropped_total ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task SendAsync(TestProxy proxy, int requests, string path = "/shop")
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (_, stop) =>
        {
            using var response = await proxy.Client.GetAsync(path, stop);
            Assert.NotEqual(HttpStatusCode.Unused, response.StatusCode);
        });
    }

    private Task<TestProxy> ServeAsync(AccessLogOptions log) => TestProxy.StartAsync(
        Cancellation, Snapshots.Of(1, [Snapshots.At(_backend.Address)], [], 0, route => route.PathPrefix = "/shop"), options => options with { AccessLog = log });
}
