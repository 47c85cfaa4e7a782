using System.Text.Json;
using MeshCanary.Cluster.Tests.Harness;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Somebody who applies all manifests every second, whatever happens.</summary>
[Collection(Installed.Name)]
public sealed class GitOpsTests(Installation installation)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("apply")]
    [InlineData("apply --server-side --force-conflicts --field-manager=gitops")]
    public async Task ManifestsWrittenEverySecond_ThroughARollout_ChangeNothing(string write)
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var kubectl = new Kubectl(shop.Space);
        var before = await shop.UidsAsync("v1", Stop);
        var (version, writes) = ("v1", 0);
        await kubectl.RunAsync($"{write} -f -", Manifests("v1"));
        await shop.AdoptAsync(Stop, bake: "3s");
        await shop.PhaseAsync("Stable", Stop);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        async Task WriteAsync()
        {
            while (!end.IsCancellationRequested)
            {
                await kubectl.RunAsync($"{write} -f -", Manifests(Volatile.Read(ref version)));
                Interlocked.Increment(ref writes);
                Assert.Contains("meshcanary.io/proxy", (await shop.ServiceAsync(Stop)).Spec.Selector.Keys);
                await pace.WaitForNextTickAsync(end.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        var writer = WriteAsync();
        await shop.UntilAsync("v1 was written three times", () => Task.FromResult(Volatile.Read(ref writes) > 2), Stop);
        Assert.Equal(before, await shop.UidsAsync("v1", Stop));

        Volatile.Write(ref version, "v2");
        var strayed = false;
        await shop.UntilAsync(
            "v2 is to have traffic",
            async () =>
            {
                // What was counted is looked at first: a status that is read later cannot have come before it.
                var counted = shop.Load.Report.Versions.ContainsKey("v2");
                var split = IsSplit((await shop.CanaryAsync(Stop)).GetProperty("status"));
                strayed |= counted && !split;
                return split;
            },
            Stop);
        Assert.False(strayed, "v2 answered before it was to have traffic");
        var run = Shop.Text((await shop.CanaryAsync(Stop)).GetProperty("status"), "runId");
        await shop.PhaseAsync("Baking", Stop);
        var analysed = await shop.UidsAsync("v2", Stop);
        Assert.Equal(3, analysed.Count);
        await shop.PhaseAsync("Stable", Stop);
        var promoted = shop.Load.Elapsed;
        var since = Volatile.Read(ref writes);
        await shop.UntilAsync("v2 was written three times more", () => Task.FromResult(Volatile.Read(ref writes) > since + 2 || writer.IsCompleted), Stop);
        await end.CancelAsync();
        await writer;

        Assert.Equal(run, Shop.Text((await shop.CanaryAsync(Stop)).GetProperty("status"), "runId"));
        Assert.Equal(analysed, await shop.UidsAsync("v2", Stop));
        await shop.ReleaseAsync(Stop);
        await Given.BackAsync(shop, paused: false, Stop);
        var report = await shop.CloseAsync();
        Assert.Equal(["v2"], report.Since(promoted).Versions.Keys);
    }

    // Whether v2 is to have traffic.
    private static bool IsSplit(JsonElement status) =>
        status.TryGetProperty("weights", out var weights) && Shop.Text(weights, "desired") is not ("" or "0%");

    // A server of version 1.20 refuses a server-side apply of a port without a protocol.
    private static string Manifests(string version) => Sample.Deployment(Shop.Name, version, 3)
        .Replace("containerPort: 8080", "containerPort: 8080, protocol: TCP", StringComparison.Ordinal)
        .Replace("port: 80, ", "port: 80, protocol: TCP, ", StringComparison.Ordinal);
}
