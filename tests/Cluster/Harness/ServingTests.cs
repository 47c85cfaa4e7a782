using MeshCanary.TestCluster.Load;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Harness;

public sealed class ServingTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    // Well behaved: it goes on serving until no proxy sends it anything any more. One second is ample for that here.
    private const string Lingering = """
          args: ["--latency-ms", "1", "--error-rate", "0"]
          lifecycle:
            preStop:
              exec: { command: ["sleep", "1"] }
        """;

    [Fact]
    public async Task Service_OfTwoPods_AnswersFromBothByAddressAndByName()
    {
        await Space.ApplyAsync(Sample.Deployment("web", "v1", 2), Stop);
        await Space.AvailableAsync("web", Stop);

        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        var pods = new HashSet<string>();
        foreach (var address in new[] { await Space.AddressAsync("web", Stop), new Uri($"http://web.{Space.Name}.svc.cluster.local/") })
        {
            pods.Clear();
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await client.GetAsync(address, Stop);
                    Assert.Equal("v1", answer.Headers.GetValues("x-version").Single());
                    pods.Add(answer.Headers.GetValues("x-instance").Single());
                    return pods.Count == 2;
                },
                Soon, $"both pods answer at {address}", cancellation: Stop);
        }

        Assert.Equal((await Space.PodsAsync("app=web", Stop)).Select(pod => pod.Metadata.Name).Order(), pods.Order());
    }

    [Fact]
    public async Task RollingUpdate_UnderLoad_LosesNothing()
    {
        await Space.ApplyAsync(Sample.Deployment("web", "v1", 3, Lingering), Stop);
        await Space.AvailableAsync("web", Stop);
        var address = await Space.AddressAsync("web", Stop);
        await ReachableAsync(address);

        await using var load = ServiceLoad.Start(new LoadPlan(address) { RequestsPerSecond = 100 }, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Report.Answered > 20, Soon, "the load runs", cancellation: Stop);
        await Space.ApplyAsync(Sample.Deployment("web", "v2", 3, Lingering), Stop);
        await Space.AvailableAsync("web", Stop);
        await Eventually.TrueAsync(
            () => load.Report.Samples.Count(sample => sample.Version == "v2") > 20, Soon, "the new version answers", () => load.Report.ToString(), Stop);
        var report = await load.StopAsync();

        Assert.Empty(report.Lost);
        Assert.Equal(["v1", "v2"], report.Versions.Keys.Order());
    }

    [Fact]
    public async Task ServiceLoad_OfPodsThatAreKilled_SeesEveryLostRequest()
    {
        await Space.ApplyAsync(Sample.Deployment("web", "v1", 2, """  args: ["--latency-ms", "200", "--error-rate", "0"]"""), Stop);
        await Space.AvailableAsync("web", Stop);
        var address = await Space.AddressAsync("web", Stop);
        await ReachableAsync(address);

        await using var load = ServiceLoad.Start(new LoadPlan(address) { RequestsPerSecond = 100 }, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Report.Answered > 10, Soon, "the load runs", cancellation: Stop);
        foreach (var pod in await Space.PodsAsync("app=web", Stop))
            await k8s.CoreV1OperationsExtensions.DeleteNamespacedPodAsync(
                Space.Client.CoreV1, pod.Metadata.Name, Space.Name, gracePeriodSeconds: 0, cancellationToken: Stop);

        await Eventually.TrueAsync(() => load.Report.Lost.Any(), Soon, "requests are lost", () => load.Report.ToString(), Stop);
    }

    [Fact]
    public async Task Service_WithoutReadyPods_RefusesConnections()
    {
        await Space.ApplyAsync(Sample.Deployment("web", "v1", 0), Stop);
        var address = await Space.AddressAsync("web", Stop);

        await using var load = ServiceLoad.Start(new LoadPlan(address) { RequestsPerSecond = 20, Connections = 1 }, TimeProvider.System);
        await Eventually.TrueAsync(() => load.Report.Samples.Count > 2, Soon, "requests are tried", cancellation: Stop);
        var report = await load.StopAsync();

        Assert.All(report.Samples, sample => Assert.Equal(LoadOutcome.Refused, sample.Outcome));
    }

    // Pods are available a moment before the Service's rules know them.
    private static async Task ReachableAsync(Uri address)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(address, Stop);
                return answer.IsSuccessStatusCode;
            },
            Soon, $"{address} answers", cancellation: Stop);
    }
}
