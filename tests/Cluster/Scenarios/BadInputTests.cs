using System.Text.Json;
using k8s;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>What cannot be adopted is told, and stays as it is, until it is mended.</summary>
[Collection(Installed.Name)]
public sealed class BadInputTests(Installation installation)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatCannotBeAdopted_IsToldWithItsReason_AndNothingIsTouched()
    {
        await using var shop = await Shop.OpenAsync(installation, 1, Stop);
        using var kubectl = new Kubectl(shop.Space);
        foreach (var bad in BadInput.All)
            await shop.Space.ApplyAsync(bad.Objects, Stop);
        await RolledOutAsync(shop);
        var before = await Untouched.SightAsync(shop.Space, Stop);
        foreach (var bad in BadInput.All)
            await shop.Space.ApplyAsync(bad.Canary, Stop);

        foreach (var bad in BadInput.All)
        {
            var status = await shop.UntilAsync($"{bad.Name} is not ready for {bad.Reason}", status => Ready(status).Reason == bad.Reason, Stop, Deadline, bad.Name);
            var (ready, why, message) = Ready(status);
            Assert.Equal(("False", bad.Reason, true), (ready, why, message.Contains(bad.Remedy, StringComparison.Ordinal)));
            Assert.Equal((message, "Adopting"), (Shop.Text(status.GetProperty("waitingFor"), "what"), Shop.Text(status, "phase")));
            await ToldAsync(shop, "Canary", bad.Name, bad.Reason, message);
        }

        Assert.Equal(before, await Untouched.SightAsync(shop.Space, Stop));
        // There is nothing to give back: a Canary that was never adopted goes at once.
        await kubectl.RunAsync("delete canaries --all --timeout=20s");
        Assert.Equal(before, await Untouched.SightAsync(shop.Space, Stop));
        await shop.CloseAsync();
    }

    [Fact]
    public async Task WhatWasMended_IsAdoptedWithoutAnotherWord()
    {
        await using var shop = await Shop.OpenAsync(installation, 1, Stop);
        using var kubectl = new Kubectl(shop.Space);
        BadInput[] mendable = [.. BadInput.All.Where(bad => bad.Mend.Length > 0)];
        Assert.Equal(4, mendable.Length);
        foreach (var bad in mendable)
            await shop.Space.ApplyAsync(bad.Objects, Stop);
        await RolledOutAsync(shop);
        foreach (var bad in mendable)
            await shop.Space.ApplyAsync(bad.Canary, Stop);
        foreach (var bad in mendable)
            await shop.UntilAsync($"{bad.Name} is refused", status => Ready(status).Reason == bad.Reason, Stop, Deadline, bad.Name);

        foreach (var bad in mendable)
            await kubectl.RunAsync(bad.Mend, "", "--type=merge", "--patch", bad.Patch);
        foreach (var bad in mendable)
            await shop.UntilAsync($"{bad.Name} is adopted", status => Shop.Text(status, "phase") == "Stable" && Ready(status).Status == "True", Stop, Deadline, bad.Name);
        await kubectl.RunAsync("delete canaries --all --timeout=60s");
        await shop.CloseAsync();
    }

    [Theory]
    [InlineData("kind: StatefulSet", "disks of their own")]
    [InlineData("kind: DaemonSet", "one pod on every node")]
    public async Task OtherKinds_AreRefusedAtTheDoorWithTheReason(string kind, string reason)
    {
        var space = await installation.Fixture.NamespaceAsync();
        await using var owned = space;
        using var kubectl = new Kubectl(space);
        Assert.Contains(reason, await kubectl.RefusedAsync("apply --validate=false -f -", Shop.Manifest("other").Replace("kind: Deployment", kind, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stepps=10,50", "Did you mean 'meshcanary.io/steps'?")]
    [InlineData("steps=10,fifty", "meshcanary.io/steps: 'fifty' is not a percentage from 0.01 to 100.")]
    [InlineData("hold=never", "meshcanary.io/hold: 'never' is not one of")]
    [InlineData("enabled=yes", "meshcanary.io/enabled: 'yes' is neither true nor false.")]
    public async Task AnnotationThatMeansNothing_IsToldAsAnEventOfTheService_AndNothingIsTouched(string annotation, string told)
    {
        await using var shop = await Shop.OpenAsync(installation, 1, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await kubectl.RunAsync($"annotate service {Shop.Name} {(annotation.StartsWith("enabled", StringComparison.Ordinal) ? "" : "meshcanary.io/enabled=true ")}meshcanary.io/{annotation}");
        var before = await Untouched.SightAsync(shop.Space, Stop);
        await ToldAsync(shop, "Service", Shop.Name, "InvalidAnnotations", told);
        await kubectl.RefusedAsync($"get canary {Shop.Name}");
        Assert.Equal(before, await Untouched.SightAsync(shop.Space, Stop));

        await kubectl.RunAsync($"annotate service {Shop.Name} meshcanary.io/{annotation.Split('=')[0]}-");
        await kubectl.RunAsync($"annotate service {Shop.Name} --overwrite meshcanary.io/enabled=true");
        await shop.PhaseAsync("Stable", Stop);
        await shop.CloseAsync();
    }

    private static Task RolledOutAsync(Shop shop) => Eventually.TrueAsync(
        async () => (await shop.Space.Client.AppsV1.ListNamespacedDeploymentAsync(shop.Space.Name, cancellationToken: Stop)).Items
            .All(one => one.Status.ObservedGeneration == one.Metadata.Generation && (one.Status.AvailableReplicas ?? 0) == one.Spec.Replicas),
        Deadline, "every Deployment is rolled out", cancellation: Stop);

    private static async Task ToldAsync(Shop shop, string kind, string name, string reason, string message)
    {
        var told = "";
        await Eventually.TrueAsync(
            async () => (told = string.Join('\n', (await shop.Space.Client.CoreV1.ListNamespacedEventAsync(shop.Space.Name, cancellationToken: Stop)).Items
                .Where(one => one.InvolvedObject.Kind == kind && one.InvolvedObject.Name == name && one.Reason == reason).Select(one => one.Message))).Contains(message, StringComparison.Ordinal),
            Deadline, $"an event of the {kind} {name} says: {message}", () => told, Stop);
    }

    private static (string Status, string Reason, string Message) Ready(JsonElement status) => status.TryGetProperty("conditions", out var conditions)
        ? conditions.EnumerateArray().Where(one => Shop.Text(one, "type") == "Ready").Select(one => (Shop.Text(one, "status"), Shop.Text(one, "reason"), Shop.Text(one, "message"))).SingleOrDefault()
        : default;
}
