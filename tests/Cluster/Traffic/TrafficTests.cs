using System.Globalization;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Controller.Crds;
using MeshCanary.TestCluster.Load;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Traffic;

/// <summary>Real proxies as pods behind a real Service.</summary>
public sealed class TrafficTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    // It serves on until no node sends it anything any more.
    private const string Lingering = """
          args: ["--latency-ms", "1", "--error-rate", "0"]
          lifecycle:
            preStop:
              exec: { command: ["sleep", "2"] }
        """;

    [Theory]
    [InlineData("http")]
    [InlineData("8080")]
    public async Task SwitchAndRestore_UnderLoad_LoseNothing(string targetPort)
    {
        await using var stage = await StageAsync(targetPort);
        var address = await Space.AddressAsync("checkout", Stop);
        await using var load = ServiceLoad.Start(new LoadPlan(address) { RequestsPerSecond = 100 }, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Report.Answered > 20, Soon, "the load runs", () => load.Report.ToString(), Stop);

        await stage.AdoptAsync(Stop);
        await AnsweredAsync(load, 100);
        Assert.Equal("""{"app":"checkout"}""", (await stage.ServiceAsync(Stop)).Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);

        await stage.ReleaseAsync();
        await stage.UntilAsync(
            async () => !(await Space.PodsAsync(null, Stop)).Any(pod => TrafficStage.IsProxy(pod.Metadata.Name)), "the proxies are gone");
        await AnsweredAsync(load, 50);
        var report = await load.StopAsync();

        Assert.True(!report.Lost.Any(), report.ToString());
        var service = await stage.ServiceAsync(Stop);
        Assert.Equal("app=checkout", string.Join(',', service.Spec.Selector.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.False(service.Metadata.Annotations?.ContainsKey(ApiNames.OriginalSelectorAnnotation) ?? false);
    }

    [Fact]
    public async Task Proxy_ThatIsDeleted_DrainsAndAnotherComes()
    {
        await using var stage = await StageAsync("http");
        await stage.AdoptAsync(Stop);
        var address = await Space.AddressAsync("checkout", Stop);
        await using var load = ServiceLoad.Start(new LoadPlan(address) { RequestsPerSecond = 100 }, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Report.Answered > 20, Soon, "the load runs", () => load.Report.ToString(), Stop);
        var before = stage.Listed.ToHashSet(StringComparer.Ordinal);

        await Space.Client.CoreV1.DeleteNamespacedPodAsync(before.First(), Space.Name, cancellationToken: Stop);
        await stage.UntilAsync(
            () => Task.FromResult(stage.Listed is { Count: 2 } listed && !listed.Contains(before.First()) && listed.All(TrafficStage.IsProxy)), "another proxy takes its place");
        await stage.UntilAsync(
            () => Task.FromResult(stage.Traffic.Observe($"{Space.Name}/checkout").Traffic is { Acknowledged: not null, Proxies: 2 }), "both have acknowledged");
        await AnsweredAsync(load, 50);
        var report = await load.StopAsync();

        Assert.True(!report.Lost.Any(), report.ToString());
    }

    [Fact]
    public async Task Selector_RevertedBySomebody_IsRepairedAndSomebodyIsTold()
    {
        await using var stage = await StageAsync("http");
        await stage.AdoptAsync(Stop);

        // As kubectl apply and every GitOps tool does.
        await Space.Client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch("""[{ "op": "replace", "path": "/spec/selector", "value": { "app": "checkout" } }]""", V1Patch.PatchType.JsonPatch), "checkout", Space.Name, cancellationToken: Stop);

        await stage.UntilAsync(async () => !stage.Events.IsEmpty && await stage.IsSwitchedAsync(Stop), "the selector leads to the proxies again");
        Assert.Contains(stage.Events, told => told is { Reason: "SelectorRepaired", IsWarning: true });
        Assert.Equal("""{"app":"checkout"}""", (await stage.ServiceAsync(Stop)).Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
    }

    [Fact]
    public async Task Proxy_OfAnotherAccount_IsRefusedWithTheReason()
    {
        await using var stage = await StageAsync("http");
        await stage.AdoptAsync(Stop);
        var real = (await Space.PodsAsync(null, Stop)).First(pod => TrafficStage.IsProxy(pod.Metadata.Name));
        var spec = real.Spec;
        (spec.NodeName, spec.ServiceAccountName, spec.ServiceAccount) = (null, "default", null);

        await Space.Client.CoreV1.CreateNamespacedPodAsync(new V1Pod { Metadata = new V1ObjectMeta { Name = "impostor" }, Spec = spec }, Space.Name, cancellationToken: Stop);

        await stage.UntilAsync(
            () => Task.FromResult(Cluster.Logs(Space.Name, "impostor", "proxy").Contains($"The token is that of system:serviceaccount:{Space.Name}:default", StringComparison.Ordinal)),
            "it is refused");
        Assert.DoesNotContain(stage.Traffic.Observe($"{Space.Name}/checkout").Proxies, proxy => proxy.Name == "impostor");
    }

    private async Task<TrafficStage> StageAsync(string targetPort)
    {
        await Space.ApplyAsync(Sample.Deployment("checkout", "v1", 2, Lingering).Replace("targetPort: http", $"targetPort: {targetPort}", StringComparison.Ordinal), Stop);
        await Space.AvailableAsync("checkout", Stop);
        return await TrafficStage.StartAsync(Space, Stop);
    }

    private static async Task AnsweredAsync(ServiceLoad load, int more)
    {
        var before = load.Report.Answered;
        await Eventually.TrueAsync(
            () => load.Report.Answered >= before + more, Soon, string.Create(CultureInfo.InvariantCulture, $"{more} more requests are answered"), () => load.Report.ToString(), Stop);
    }
}
