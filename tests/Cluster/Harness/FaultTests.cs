using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using MeshCanary.TestCluster.Faults;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Harness;

public sealed class FaultTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Status_OnALimitedNumberOfCalls_IsSeenThatOften(int code)
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsOf("pods"), Fault.Status(code, retryAfter: TimeSpan.FromSeconds(7)), times: 1);

        var error = await Assert.ThrowsAsync<HttpOperationException>(() => PodsAsync(client));
        Assert.Equal(code, (int)error.Response.StatusCode);
        Assert.Equal("7", error.Response.Headers["Retry-After"].Single());

        await PodsAsync(client);
        Assert.Equal((1, 1), (fault.Hits, faults.Count(call => call.IsOf("pods"))));
    }

    [Fact]
    public async Task Conflict_OnWrites_LetsReadsPass()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsWrite, Fault.Conflict);

        await PodsAsync(client);
        var error = await Assert.ThrowsAsync<HttpOperationException>(() => NoteAsync(client, "one"));

        Assert.Equal(HttpStatusCode.Conflict, error.Response.StatusCode);
    }

    [Fact]
    public async Task Gone_OnTheNextPageOfAList_IsSeenThere()
    {
        await NoteAsync(Space.Client, "one");
        await NoteAsync(Space.Client, "two");
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsList && call.Query.Contains("continue=", StringComparison.Ordinal), Fault.Gone);

        var first = await client.CoreV1.ListNamespacedConfigMapAsync(Space.Name, limit: 1, cancellationToken: Stop);
        var error = await Assert.ThrowsAsync<HttpOperationException>(
            () => client.CoreV1.ListNamespacedConfigMapAsync(Space.Name, limit: 1, continueParameter: first.Metadata.ContinueProperty, cancellationToken: Stop));

        Assert.Equal(HttpStatusCode.Gone, error.Response.StatusCode);
    }

    [Fact]
    public async Task Hang_UntilItEnds_KeepsTheCallerWaiting()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        var fault = faults.Add(call => call.IsOf("pods"), Fault.Hang);

        var call = PodsAsync(client);
        await Eventually.TrueAsync(() => fault.Hits == 1, Soon, "the call hangs", cancellation: Stop);
        Assert.False(call.IsCompleted);
        fault.Dispose();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task Slow_OnLists_PassesThemLater()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsList, Fault.Slow(TimeSpan.FromMilliseconds(200)));

        var start = TimeProvider.System.GetTimestamp();
        await PodsAsync(client);

        // A delay is never cut short; how much longer it took is the machine's business.
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(190));
    }

    [Fact]
    public async Task GoAway_WithAWatchOpen_BreaksItAndRefusesNewOnesUntilItEnds()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        await using var watch = new WatchedNames(client, Space.Name);
        await watch.SeeAsync("before", () => NoteAsync(Space.Client, "before"));

        using (faults.GoAway())
        {
            await watch.BrokenAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => PodsAsync(client));
        }

        await PodsAsync(client);
    }

    [Fact]
    public async Task DroppedEvent_OfAWatch_NeverArrivesAndTheNextOneDoes()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsOf("configmaps"), Fault.OnEvent(line => Has(line, "lost") ? EventFate.Drop : EventFate.Pass));
        await using var watch = new WatchedNames(client, Space.Name);

        await NoteAsync(Space.Client, "lost");
        await watch.SeeAsync("kept", () => NoteAsync(Space.Client, "kept"));

        Assert.DoesNotContain("lost", watch.Names);
    }

    [Fact]
    public async Task DoubledEvent_OfAWatch_ArrivesTwice()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsOf("configmaps"), Fault.OnEvent(line => Has(line, "twin") ? EventFate.Twice : EventFate.Pass));
        await using var watch = new WatchedNames(client, Space.Name);

        await watch.SeeAsync("twin", () => NoteAsync(Space.Client, "twin"));
        await Eventually.TrueAsync(() => watch.Names.Count(name => name == "twin") == 2, Soon, "it arrives twice", cancellation: Stop);
    }

    [Fact]
    public async Task SilentWatch_WhileItLasts_BringsNothingAndStaysOpen()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        await using var watch = new WatchedNames(client, Space.Name);
        await watch.SeeAsync("before", () => NoteAsync(Space.Client, "before"));

        using (var fault = faults.Add(call => call.IsOf("configmaps"), Fault.SilentWatch))
        {
            await NoteAsync(Space.Client, "during");
            await Eventually.TrueAsync(() => fault.Hits > 0, Soon, "the event is lost", cancellation: Stop);
        }

        await watch.SeeAsync("after", () => NoteAsync(Space.Client, "after"));
        Assert.DoesNotContain("during", watch.Names);
    }

    [Fact]
    public async Task GoneEvent_OfAWatch_EndsItAsTooOld()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        using var client = Client(faults);
        using var fault = faults.Add(call => call.IsOf("configmaps"), Fault.OnEvent(line => Has(line, "end") ? EventFate.Gone : EventFate.Pass));
        await using var watch = new WatchedNames(client, Space.Name);

        await NoteAsync(Space.Client, "end");

        Assert.Contains("Expired", await watch.BrokenAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_WithAToken_IsKnownByItThroughTheProxy()
    {
        await using var faults = await Cluster.FaultsAsync(Stop);
        var account = await Cluster.AccountAsync(Space.Name, "default", Stop);
        using var client = account.Through(faults.Address).Client();

        var error = await Assert.ThrowsAsync<HttpOperationException>(() => PodsAsync(client));

        Assert.Contains($"system:serviceaccount:{Space.Name}:default", error.Response.Content, StringComparison.Ordinal);
    }

    private IKubernetes Client(FaultProxy faults) => Cluster.Admin.Through(faults.Address).Client();

    private Task<V1PodList> PodsAsync(IKubernetes client) => client.CoreV1.ListNamespacedPodAsync(Space.Name, cancellationToken: Stop);

    private Task<V1ConfigMap> NoteAsync(IKubernetes client, string name) => client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } }, Space.Name, cancellationToken: Stop);

    private static bool Has(string line, string name) => line.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal);
}
