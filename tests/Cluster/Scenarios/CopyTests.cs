using System.Globalization;
using k8s;
using k8s.Models;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Configuration that is copied for each revision.</summary>
[Collection(Installed.Name)]
public sealed class CopyTests(Installation installation)
{
    private const string Reads = "  env:\n  - { name: GREETING, valueFrom: { configMapKeyRef: { name: words, key: greeting } } }\n" + Shop.Gentle;
    private const string Copies = ", configSnapshots: true";
    private const string Hash = "pod-template-hash";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConfigMap_ThatChangesInMidRun_ReachesNoPodOfARevisionThatWasNamedBefore()
    {
        await installation.ChartAsync("upgrade", "--set", "rbac.configSnapshots=true");
        try
        {
            await RunAsync();
        }
        finally
        {
            await installation.ChartAsync("upgrade", "--set", "rbac.configSnapshots=false");
        }
    }

    private async Task RunAsync()
    {
        await using var shop = await Shop.OpenAsync(installation, 3, Stop, Reads, Words("one"));
        // Longer than it may take until a change of configuration is seen.
        await shop.AdoptAsync(Stop, Steps(45), Copies);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Empty(await CopiesAsync(shop));

        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("20%", Stop);
        var first = Assert.Single((await shop.PodsAsync("v2", Stop)).Select(Revision).Distinct());
        Assert.Equal([$"words-mc-{first} one"], await CopiesAsync(shop));
        await shop.Space.ApplyAsync(Words("two"), Stop);
        await EndOneAsync(shop, first);
        await SayAsync(shop, pod => Revision(pod) == first ? "one" : "two");
        await shop.ToldAsync("Superseded", Stop);
        await SayAsync(shop, pod => Revision(pod) == first ? "one" : "two");

        // The change is a revision of its own: what is analysed with it is what serves with it.
        var second = Shop.Text(await shop.PhaseAsync("Baking", Stop), "stableRevision");
        var analysed = (await shop.PodsAsync("v2", Stop)).Where(pod => Revision(pod) == second).Select(pod => pod.Metadata.Uid).ToHashSet();
        await shop.PhaseAsync("Stable", Stop);
        await shop.CountAsync("v1", 0, Stop);
        await shop.CountAsync("v2", 3, Stop);
        Assert.Equal(analysed, await shop.UidsAsync("v2", Stop));
        await shop.PausedAsync(true, Stop);
        await UntilCopiesAsync(shop, $"words-mc-{second} two");

        // So it is for a pod of stable that starts while the next one is analysed.
        await shop.AdoptAsync(Stop, Steps(100), Copies);
        await shop.Space.ApplyAsync(Words("three"), Stop);
        await shop.ShareAsync("20%", Stop);
        await EndOneAsync(shop, second);
        await SayAsync(shop, pod => Revision(pod) == second ? "two" : "three");
        await shop.Space.ApplyAsync(Words("two"), Stop);
        Assert.Equal(second, Shop.Text(await shop.PhaseAsync("Stable", Stop), "stableRevision"));
        await shop.CountAsync("v2", 3, Stop);
        await UntilCopiesAsync(shop, $"words-mc-{second} two");

        var copied = await shop.UidsAsync("v2", Stop);
        var rolls = Rolls(await shop.DeploymentAsync(Stop));
        await shop.ReleaseAsync(Stop);
        await Given.BackAsync(shop, paused: false, Stop);
        await shop.UntilAsync("every pod is another", async () => await shop.UidsAsync("v2", Stop) is { Count: 3 } now && !now.Overlaps(copied), Stop);
        await SayAsync(shop, _ => "two");
        await UntilCopiesAsync(shop);
        Assert.Equal(rolls + 1, Rolls(await shop.DeploymentAsync(Stop)));
        await shop.CloseAsync();
    }

    // What is started in its place finds what the object says by now, if it looks there.
    private static async Task EndOneAsync(Shop shop, string revision)
    {
        var ended = (await shop.PodsAsync("v2", Stop)).First(pod => Revision(pod) == revision);
        await shop.Space.Client.CoreV1.DeleteNamespacedPodAsync(ended.Metadata.Name, shop.Space.Name, cancellationToken: Stop);
        await shop.UntilAsync(
            "another pod of the revision has started",
            async () => (await shop.PodsAsync("v2", Stop)).Where(pod => Revision(pod) == revision).Select(pod => pod.Metadata.Uid).ToHashSet() is { Count: 3 } now && !now.Contains(ended.Metadata.Uid), Stop);
    }

    private static string Steps(int seconds) => string.Create(CultureInfo.InvariantCulture, $$"""[{ weight: 20, minDuration: {{seconds}}s, maxDuration: 120s }]""");

    private static string Revision(V1Pod pod) => pod.Metadata.Labels[Hash];

    private static int Rolls(V1Deployment deployment) => int.Parse(deployment.Metadata.Annotations["deployment.kubernetes.io/revision"], CultureInfo.InvariantCulture);

    // A pod that goes while it is asked says nothing, and not something else.
    private static async Task SayAsync(Shop shop, Func<V1Pod, string> expected)
    {
        var heard = 0;
        foreach (var pod in await shop.PodsAsync("v2", Stop))
        {
            var said = await shop.Space.Cluster.ExecAsync(shop.Space.Name, pod.Metadata.Name, ["sh", "-c", "echo $GREETING"], Stop);
            if (said.ExitCode != 0)
                continue;
            Assert.Equal((pod.Metadata.Name, expected(pod)), (pod.Metadata.Name, said.Output.Trim()));
            heard++;
        }

        Assert.NotEqual(0, heard);
    }

    private static Task UntilCopiesAsync(Shop shop, params string[] wanted) =>
        shop.UntilAsync($"the copies are: {string.Join(", ", wanted)}", async () => (await CopiesAsync(shop)).SequenceEqual(wanted), Stop);

    private static async Task<IReadOnlyList<string>> CopiesAsync(Shop shop) =>
    [
        .. (await shop.Space.Client.CoreV1.ListNamespacedConfigMapAsync(shop.Space.Name, cancellationToken: Stop)).Items
            .Where(map => map.Immutable == true && map.Metadata.OwnerReferences is [{ Kind: "ReplicaSet" }])
            .Select(map => $"{map.Metadata.Name} {map.Data["greeting"]}").Order(StringComparer.Ordinal),
    ];

    private static string Words(string greeting) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: words
        data:
          greeting: {{greeting}}
        """;
}
