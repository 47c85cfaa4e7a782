using System.Globalization;
using k8s;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>A Canary that annotations make.</summary>
[Collection(Installed.Name)]
public sealed class AnnotationTests(Installation installation)
{
    private const string Settings =
        "meshcanary.io/steps=20,50 meshcanary.io/step-duration=2s meshcanary.io/max-step-duration=4s "
        + "meshcanary.io/interval=1s meshcanary.io/warmup=1s meshcanary.io/on-inconclusive=promote meshcanary.io/bake-time=2s";

    private const string Asked = $"meshcanary.io/enabled=true {Settings}";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Annotations_OfAServiceUnderLoad_MakeACanaryAndTheSwitchAloneTakesItAway()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await kubectl.RunAsync($"annotate service {Shop.Name} {Asked}");
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal("annotations", (await shop.CanaryAsync(Stop)).GetProperty("metadata").GetProperty("labels").GetProperty("meshcanary.io/from").GetString());

        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        var promoted = await shop.UidsAsync("v2", Stop);
        Assert.Equal(3, promoted.Count);

        await kubectl.RunAsync($"annotate service {Shop.Name} meshcanary.io/enabled-");
        await GoneAsync(shop, kubectl);
        await ToldAsync(shop, "AnnotationsWithoutEffect");
        await kubectl.RunAsync($"annotate service {Shop.Name} {string.Join(' ', Settings.Split(' ').Select(one => one.Split('=')[0] + "-"))}");
        await Given.BackAsync(shop, paused: false, Stop);
        Assert.Equal(promoted, await shop.UidsAsync("v2", Stop));
        await shop.CloseAsync();
    }

    [Fact]
    public async Task CanaryOfAnnotations_ReleasedWithAPause_ComesBackOnlyAfterIt()
    {
        await using var shop = await Shop.OpenAsync(installation, 1, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await kubectl.RunAsync($"annotate service {Shop.Name} {Asked}");
        await shop.PhaseAsync("Stable", Stop);
        try
        {
            await PauseAsync(TimeProvider.System.GetUtcNow().AddMinutes(10));
            await kubectl.RunAsync($"delete canary {Shop.Name} --wait=false");
            await GoneAsync(shop, kubectl);
            await ToldAsync(shop, "AdoptionPaused");
            Assert.Contains("NotFound", await kubectl.RefusedAsync($"get canary {Shop.Name}"), StringComparison.Ordinal);

            var end = TimeProvider.System.GetUtcNow().AddSeconds(3);
            await PauseAsync(end);
            await kubectl.RunAsync($"annotate service {Shop.Name} meshcanary.io/progress-deadline=50s");
            await Eventually.TrueAsync(async () => (await kubectl.TryAsync($"get canary {Shop.Name}")).ExitCode == 0, Deadline, "it is made again", cancellation: Stop);
            Assert.True((await shop.CanaryAsync(Stop)).GetProperty("metadata").GetProperty("creationTimestamp").GetDateTimeOffset().AddSeconds(1) > end);
        }
        finally
        {
            await PauseAsync(null);
        }

        await shop.PhaseAsync("Stable", Stop);
        await shop.CloseAsync();
    }

    private static Task GoneAsync(Shop shop, Kubectl kubectl) => Eventually.TrueAsync(
        async () => (await kubectl.TryAsync($"get canary {Shop.Name}")).Errors.Contains("NotFound", StringComparison.Ordinal),
        Deadline, "the Canary is gone", () => shop.CanaryAsync(Stop).GetAwaiter().GetResult().ToString(), Stop);

    private static Task ToldAsync(Shop shop, string reason) => Eventually.TrueAsync(
        async () => (await shop.Space.Client.CoreV1.ListNamespacedEventAsync(shop.Space.Name, cancellationToken: Stop)).Items
            .Any(one => one.InvolvedObject.Kind == "Service" && one.InvolvedObject.Name == Shop.Name && one.Reason == reason),
        Deadline, $"an event {reason} is told of the Service", cancellation: Stop);

    private Task<V1Lease> PauseAsync(DateTimeOffset? until) => installation.Space.Client.CoordinationV1.PatchNamespacedLeaseAsync(
        new V1Patch(
            KubernetesJson.Serialize(new { metadata = new { annotations = new Dictionary<string, string?> { ["meshcanary.io/no-adoption-until"] = until?.ToString("O", CultureInfo.InvariantCulture) } } }),
            V1Patch.PatchType.MergePatch),
        "meshcanary-controller", installation.Space.Name, cancellationToken: Stop);
}
