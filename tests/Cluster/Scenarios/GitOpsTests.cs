using System.Text.Json;
using MeshCanary.Cluster.Tests.Harness;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Somebody who writes all manifests again every second, whatever happens.</summary>
[Collection(Installed.Name)]
public sealed class GitOpsTests(Installation installation)
{
    // As pipelines and tools do it; each a few times in every phase.
    private static readonly string[] Ways = ["apply", "apply --server-side --force-conflicts --field-manager=gitops", "replace"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManifestsWrittenEverySecondInThreeWays_ThroughARollout_ChangeNothing()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var kubectl = new Kubectl(shop.Space);
        var before = await shop.UidsAsync("v1", Stop);
        // Whoever replaces on a server of version 1.20 has to keep the address.
        var address = (await shop.ServiceAsync(Stop)).Spec.ClusterIP;
        await kubectl.RunAsync("apply -f -", Manifests("v1", address));
        await shop.AdoptAsync(Stop, bake: "3s");
        await shop.PhaseAsync("Stable", Stop);

        var (version, writes) = ("v1", 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        async Task WriteAsync()
        {
            for (var turn = 0; !end.IsCancellationRequested; turn++)
            {
                var way = Ways[turn % Ways.Length];
                var written = await kubectl.TryAsync($"{way} -f -", Manifests(Volatile.Read(ref version), address));
                // A replacement is refused when somebody else has written since it was begun.
                Assert.True(written.ExitCode == 0 || (way == "replace" && written.Errors.Contains("the object has been modified", StringComparison.Ordinal)), $"{way}: {written.Errors}");
                Interlocked.Increment(ref writes);
                Assert.Equal(["meshcanary.io/proxy"], (await shop.ServiceAsync(Stop)).Spec.Selector.Keys);
                await pace.WaitForNextTickAsync(end.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        var writer = WriteAsync();
        await shop.UntilAsync("v1 was written in each way", () => Task.FromResult(Volatile.Read(ref writes) >= Ways.Length || writer.IsCompleted), Stop);
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
        await shop.UntilAsync("v2 was written in each way", () => Task.FromResult(Volatile.Read(ref writes) > since + Ways.Length || writer.IsCompleted), Stop);
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

    private static string Manifests(string version, string address) => Sample.Deployment(Shop.Name, version, 3)
        .Replace("  ports:\n  - { name: http, port: 80", $"  clusterIP: {address}\n  clusterIPs: [{address}]\n  ports:\n  - {{ name: http, port: 80", StringComparison.Ordinal);
}
