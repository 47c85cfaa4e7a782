using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using MeshCanary.Cluster.Tests.Chart;
using MeshCanary.Cluster.Tests.Scenarios;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>
/// The router istio with the real CustomResourceDefinitions of Istio in a real API server. There is no data plane of Istio: what it would do is
/// read off the objects. The clients are outside of the mesh, and must get the stable version alone, without a loss.
/// </summary>
[Collection(Installed.Name)]
public sealed class IstioTests(Installation installation)
{
    private const string Group = "networking.istio.io";

    private const string Route = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: checkout
          annotations: { team: payments }
        spec:
          hosts: [checkout, www.example.org]
          gateways: [mesh, edge]
          http:
          - name: static
            match: [{ uri: { prefix: /static } }]
            route: [{ destination: { host: static } }]
          - name: api
            match: [{ uri: { prefix: /api }, headers: { x-kind: { exact: api } } }, { port: 80 }]
            rewrite: { uri: / }
            retries: { attempts: 3, perTryTimeout: 2s, retryOn: 5xx }
            timeout: 7s
            headers: { request: { add: { x-from: edge } } }
            corsPolicy: { allowOrigins: [{ exact: "https://example.org" }], allowMethods: [GET], maxAge: 24h }
            mirrors: [{ destination: { host: audit }, percentage: { value: 12.5 } }]
            route:
            - { destination: { host: checkout.SPACE.svc.cluster.local, port: { number: 80 } }, weight: 90 }
            - { destination: { host: legacy }, weight: 10 }
          - route: [{ destination: { host: checkout } }]
            mirror: { host: audit }
          tls: [{ match: [{ port: 443, sniHosts: [www.example.org] }], route: [{ destination: { host: checkout } }] }]
          tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: checkout }, weight: 100 }] }]
        """;

    private static readonly (string, string) Plural = ("virtualservices", Group);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OwnRoute_WholeRollout_MovesByWeightAndGoesAtRelease()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await MeshCrds.InstallAsync(shop.Space, "istio", Plural, Stop);
        await shop.Space.ApplyAsync(Rules, Stop);
        await using var route = new RouteWatch(shop.Space, Group, "virtualservices", "checkout-meshcanary").Start();
        await AdoptAsync(shop, "{ type: istio, istio: { propagation: 1s, http: { timeout: 5s } } }", "[{ weight: 20, minDuration: 1s, maxDuration: 2s }, { weight: 50, minDuration: 1s, maxDuration: 2s }]");
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(["app", "pod-template-hash"], (await shop.ServiceAsync(Stop)).Spec.Selector.Keys.Order());
        var first = Assert.Single(Destinations(route.Forms[^1]));
        Assert.StartsWith("checkout-mc-", first, StringComparison.Ordinal);

        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);
        Assert.Contains(route.Forms, form => Weights(form) is [8000, 2000]);
        Assert.Contains(route.Forms, form => Weights(form) is [5000, 5000]);
        Assert.DoesNotContain(first, Assert.Single(Destinations(route.Forms[^1])), StringComparison.Ordinal);
        Assert.All(route.Forms, form => Assert.Contains("\"timeout\":\"5s\"", form, StringComparison.Ordinal));

        await shop.ReleaseAsync(Stop);
        Assert.Null(await route.ReadAsync(Stop));
        await Given.BackAsync(shop, paused: false, Stop);
        Assert.Equal(["checkout"], await NamesAsync(shop, "destinationrules"));
        var report = await shop.CloseAsync();
        Assert.Equal(["v1", "v2"], report.Versions.Keys.Order());
    }

    [Fact]
    public async Task RouteOfTheUser_RollbackThenPromotion_ChangesNothingButDestinationsAndIsRestored()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await MeshCrds.InstallAsync(shop.Space, "istio", Plural, Stop);
        var manifest = Route.Replace("SPACE", shop.Space.Name, StringComparison.Ordinal);
        await shop.Space.ApplyAsync(manifest, Stop);
        await using var route = new RouteWatch(shop.Space, Group, "virtualservices", "checkout").Start();
        var before = (await route.ReadAsync(Stop))!;
        await AdoptAsync(shop, "{ type: istio, istio: { propagation: 1s, virtualServices: [{ name: checkout }] } }", "[{ weight: 20, minDuration: 1s, maxDuration: 2s }, { approval: { timeout: 10m } }]");
        await shop.PhaseAsync("Stable", Stop);

        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("20%", Stop);
        await installation.ActAsync(shop.Space.Name, Shop.Name, "abort");
        await shop.PhaseAsync("Failed", Stop);
        await shop.CountAsync("v2", 0, Stop);
        Assert.DoesNotContain("weight\":2000", route.Forms[^1], StringComparison.Ordinal);

        await shop.DeployAsync("v3", Stop);
        await shop.ShareAsync("20%", Stop);
        var split = (await route.ReadAsync(Stop))!["spec"]!.ToJsonString();
        // Whoever applies the manifest again sends everything past the Canary, for a moment.
        await shop.Space.Client.CustomObjects.PatchNamespacedCustomObjectAsync<object>(
            new k8s.Models.V1Patch(new JsonObject { ["spec"] = before["spec"]!.DeepClone() }.ToJsonString(), k8s.Models.V1Patch.PatchType.MergePatch), Group, "v1", shop.Space.Name, "virtualservices", "checkout", cancellationToken: Stop);
        await shop.UntilAsync("the route is repaired", async () => (await route.ReadAsync(Stop))!["spec"]!.ToJsonString() == split, Stop);
        await shop.UntilAsync(
            "it is told", async () => (await shop.Space.Client.CoreV1.ListNamespacedEventAsync(shop.Space.Name, cancellationToken: Stop)).Items.Any(told => told.Reason == "RouteRepaired"), Stop);
        await installation.ActAsync(shop.Space.Name, Shop.Name, "promote");
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.UntilAsync("v1 is gone", async () => (await shop.PodsAsync("v1", Stop)).Count == 0, Stop);

        await shop.ReleaseAsync(Stop);
        var after = (await route.ReadAsync(Stop))!;
        Assert.Equal(before["spec"]!.ToJsonString(), after["spec"]!.ToJsonString());
        Assert.Equal(before["metadata"]!["annotations"]!.ToJsonString(), after["metadata"]!["annotations"]!.ToJsonString());
        await Given.BackAsync(shop, paused: false, Stop);
        Assert.All(route.Forms, form => Assert.Equal(Rest(before["spec"]!.ToJsonString()), Rest(form)));
        var report = await shop.CloseAsync();
        Assert.Equal(["v1", "v3"], report.Versions.Keys.Order());
    }

    [Fact]
    public async Task Istio_InstalledAfterTheCanary_IsWaitedForAndUsed()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await MeshCrds.RemoveAsync(shop.Space, "istio", Stop);
        await AdoptAsync(shop, "{ type: istio, istio: { propagation: 1s } }", "[{ weight: 20 }]");
        await shop.UntilAsync("Istio is waited for", status => status.GetRawText().Contains("Istio to be installed", StringComparison.Ordinal), Stop);
        await MeshCrds.InstallAsync(shop.Space, "istio", Plural, Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.Equal(["checkout-meshcanary"], await NamesAsync(shop, "virtualservices"));
        await shop.ReleaseAsync(Stop);
        await Given.BackAsync(shop, paused: false, Stop);
        await shop.CloseAsync();
    }

    [Fact]
    public async Task LeaderKilled_WheneverAPhaseOrStepBegins_IsFollowedByOneThatGoesOnWithTheRoute()
    {
        await installation.ChartAsync("upgrade", "--set", "extraArgs={--lease-duration=5s}");
        try
        {
            await using var shop = await Shop.OpenAsync(installation, 2, Stop);
            await MeshCrds.InstallAsync(shop.Space, "istio", Plural, Stop);
            await shop.Space.ApplyAsync(Route.Replace("SPACE", shop.Space.Name, StringComparison.Ordinal), Stop);
            await using var route = new RouteWatch(shop.Space, Group, "virtualservices", "checkout").Start();
            var before = (await route.ReadAsync(Stop))!["spec"]!.ToJsonString();
            var kills = new LeaderKills(installation, shop);
            await AdoptAsync(shop, "{ type: istio, istio: { propagation: 1s, virtualServices: [{ name: checkout }] } }", "[{ weight: 20, minDuration: 1s, maxDuration: 2s }]");
            await kills.UntilAsync(Phase.Stable, Stop);
            await shop.DeployAsync("v2", Stop);
            await kills.UntilAsync(Phase.Baking, Stop);
            await kills.UntilAsync(Phase.Stable, Stop);
            await shop.Space.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("meshcanary.io", "v1alpha1", shop.Space.Name, "canaries", Shop.Name, cancellationToken: Stop);
            await kills.UntilAsync(null, Stop);
            await Given.BackAsync(shop, paused: false, Stop);
            Assert.Equal(before, (await route.ReadAsync(Stop))!["spec"]!.ToJsonString());
            Assert.All(route.Forms, form => Assert.Equal(Rest(before), Rest(form)));
            Assert.Contains(Phase.Progressing, kills.Phases);
            var report = await shop.CloseAsync();
            Assert.Equal(["v1", "v2"], report.Versions.Keys.Order());
        }
        finally
        {
            await installation.ChartAsync("upgrade");
        }
    }

    [Fact]
    public async Task Example_OfTheDocuments_IsAdoptedAndSplitsTheRouteThatItNames()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        await MeshCrds.InstallAsync(shop.Space, "istio", Plural, Stop);
        var folder = Path.Combine(HelmRelease.Root, "examples", "kubernetes", "istio");
        foreach (var file in new[] { "checkout.yaml", "canary.yaml" })
            await shop.Space.ApplyAsync(string.Join('\n', (await File.ReadAllLinesAsync(Path.Combine(folder, file), Stop)).Where(line => !line.StartsWith('#'))), Stop);
        await shop.Space.AvailableAsync(Shop.Name, Stop);
        await shop.PhaseAsync("Stable", Stop);
        await shop.DeployAsync("v2", Stop);
        await shop.ShareAsync("5%", Stop);
        await using var route = new RouteWatch(shop.Space, Group, "virtualservices", "checkout");
        var http = (await route.ReadAsync(Stop))!["spec"]!["http"]!.AsArray();
        Assert.Equal(["reports", "meshcanary-checkout-1-match", "primary"], http.Select(one => one!["name"]!.GetValue<string>()));
        Assert.Equal("""[{"destination":{"host":"checkout"}}]""", http[0]!["route"]!.ToJsonString());
        Assert.Equal([9500, 500], http[2]!["route"]!.AsArray().Select(one => one!["weight"]!.GetValue<int>()));
        var rules = await NamesAsync(shop, "destinationrules");
        Assert.Equal(3, rules.Count());
        await shop.ReleaseAsync(Stop);
        Assert.Equal(["checkout"], await NamesAsync(shop, "destinationrules"));
    }

    private const string Rules = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata:
          name: checkout
        spec:
          host: checkout
          trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5, interval: 10s } }
        """;

    private static Task AdoptAsync(Shop shop, string router, string steps) => shop.Space.ApplyAsync(
        $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata:
          name: checkout
        spec:
          workload: { kind: Deployment, name: checkout, drainTime: 2s }
          service: { name: checkout }
          router: {{router}}
          strategy:
            steps: {{steps}}
          # Nobody answers there: people and times decide, not counts.
          analysis: { interval: 1s, warmup: 0s, onInconclusive: promote, source: { type: prometheus, address: "http://127.0.0.1:9", preset: istio } }
          bakeTime: 2s
          progressDeadline: 90s
        """,
        Stop);

    private static async Task<IEnumerable<string>> NamesAsync(Shop shop, string plural)
    {
        var listed = await shop.Space.Client.CustomObjects.ListNamespacedCustomObjectAsync<object>(Group, "v1", shop.Space.Name, plural, cancellationToken: Stop);
        return [.. JsonSerializer.SerializeToNode(listed)!["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>())];
    }

    private static List<string> Destinations(string form) =>
        [.. JsonNode.Parse(form)!["http"]!.AsArray()[0]!["route"]!.AsArray().Select(one => one!["destination"]!["host"]!.GetValue<string>())];

    private static List<long> Weights(string form) =>
        [.. JsonNode.Parse(form)!["http"]!.AsArray()[0]!["route"]!.AsArray().Select(one => one!["weight"]?.GetValue<long>() ?? -1)];

    // Everything but where routes lead.
    private static string Rest(string form)
    {
        var spec = JsonNode.Parse(form)!;
        foreach (var route in new[] { "http", "tls", "tcp" }.SelectMany(section => spec[section]!.AsArray()))
            route!.AsObject().Remove("route");
        return spec.ToJsonString();
    }
}
