using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Cluster.Tests.Scenarios;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>The router <c>gatewayApi</c> on a real API server with the real definitions, from the user's route and back to it.</summary>
[Collection(Installed.Name)]
public sealed class GatewayApiTests(Installation installation)
{
    private const string Router = "gatewayApi: { routes: [{ name: checkout }], propagation: 200ms }";
    private const string Steps = "[{ weight: 20, minDuration: 1s, maxDuration: 2s }, { weight: 50, minDuration: 1s, maxDuration: 2s }]";

    /// <summary>A rule that leads elsewhere, one with everything that a rule can have, and a plain one.</summary>
    private const string Route =
        """
        apiVersion: gateway.networking.k8s.io/VERSION
        kind: HTTPRoute
        metadata:
          name: checkout
          annotations: { team: a }
        spec:
          parentRefs:
          - { name: public }
          - { name: inner, namespace: infra, sectionName: http }
          hostnames: [shop.example.org]
          rules:
          - matches: [{ path: { type: PathPrefix, value: /assets } }]
            filters: [{ type: RequestRedirect, requestRedirect: { hostname: assets.example.org, statusCode: 302 } }]
          - name: api
            matches:
            - { path: { type: PathPrefix, value: /api }, headers: [{ name: x-tenant, value: a }], method: POST }
            filters:
            - { type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x-from, value: edge }], remove: [x-debug] } }
            - { type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }
            timeouts: { request: 10s, backendRequest: 2s }
            backendRefs:
            - name: checkout
              port: 80
              weight: 9
              filters: [{ type: ResponseHeaderModifier, responseHeaderModifier: { add: [{ name: x-backend, value: checkout }] } }]
            - { name: legacy, port: 8080 }
          - backendRefs: [{ name: checkout, port: 80 }]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UsersRoute_ThroughAWholeRollout_ChangesInItsBackendsAloneAndComesBack()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        using var kubectl = await RouteAsync(shop);
        await using var gateway = new StandInGateway(shop.Space);
        var before = await SpecAsync(kubectl);
        await shop.Space.ApplyAsync(Canary(Router, Steps, ", match: [{ header: { name: x-beta, exact: \"1\" } }], mirror: { share: 5% }"), Stop);
        await shop.PhaseAsync("Stable", Stop);
        var first = Rules(await SpecAsync(kubectl));
        await shop.DeployAsync("v2", Stop);
        await shop.PhaseAsync("Baking", Stop);
        await shop.PhaseAsync("Stable", Stop);
        var last = Rules(await SpecAsync(kubectl));
        Assert.NotEqual(first, last);
        Assert.True(Same(before, await SpecAsync(kubectl), withoutBackends: true));

        await shop.ReleaseAsync(Stop);
        Assert.True(Same(before, await SpecAsync(kubectl), withoutBackends: false));
        Assert.DoesNotContain("meshcanary.io", await kubectl.RunAsync("get httproute checkout -o jsonpath={.metadata.annotations}"), StringComparison.Ordinal);
        await Given.BackAsync(shop, paused: false, Stop);
        var (stable, canary) = (first[0].Split(':')[0], last[0].Split(':')[0]);
        Assert.Equal(
            [
                $" | {stable}:9 legacy:1 | {stable}:1",
                $" | {canary}:1 {stable}:0 | {stable}:36 {canary}:9 legacy:5 | {canary}:1 {stable}:0 | {stable}:8000 {canary}:2000",
                $" | {canary}:1 {stable}:0 | {stable}:9 {canary}:9 legacy:2 | {canary}:1 {stable}:0 | {stable}:5000 {canary}:5000",
                $" | {canary}:1 {stable}:0 | {stable}:0 {canary}:9 legacy:1 | {canary}:1 {stable}:0 | {stable}:0 {canary}:10000",
                $" | {canary}:9 legacy:1 | {canary}:1",
                " | checkout:9 legacy:1 | checkout:1",
            ],
            // The canary may be named for a moment before it has weight.
            gateway.Seen("checkout").SkipWhile(rules => rules.Contains("checkout:", StringComparison.Ordinal)).Where(rules => !rules.Contains($"{canary}:0", StringComparison.Ordinal)).Distinct());
        await shop.CloseAsync();
    }

    [Fact]
    public async Task RejectedRoute_HoldsTheRunWithTheReasonAndGoesOnWhenItIsAccepted()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        using var kubectl = await RouteAsync(shop);
        await using var gateway = new StandInGateway(shop.Space);
        await shop.Space.ApplyAsync(Canary(Router, "[{ weight: 20, minDuration: 1s, maxDuration: 2s }]", ""), Stop);
        await shop.PhaseAsync("Stable", Stop);
        gateway.Refusal = "weights are not for everybody";
        await shop.DeployAsync("v2", Stop);
        await shop.UntilAsync(
            "the reason is told",
            status => status.GetRawText().Contains("reports Accepted False, UnsupportedValue: weights are not for everybody", StringComparison.Ordinal) && Shop.Text(status, "phase") == "Progressing",
            Stop);
        var stable = Rules(await SpecAsync(kubectl))[1].Split(':')[0];
        Assert.DoesNotContain(gateway.Seen("checkout"), rules => rules.Contains($"{stable}:0", StringComparison.Ordinal));
        gateway.Refusal = null;
        await shop.PhaseAsync("Baking", Stop);
        await shop.ReleaseAsync(Stop);
        await shop.CloseAsync();
    }

    [Fact]
    public async Task ServerOfV1Beta1_AndARouteThatSomebodyWrites_AreSplitAndRepaired()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await GatewayCrds.InstallAsync(kubectl);
        await GatewayCrds.ServeAsync(kubectl, v1: false);
        try
        {
            await shop.Space.ApplyAsync(Route.Replace("VERSION", "v1beta1", StringComparison.Ordinal), Stop);
            await using var gateway = new StandInGateway(shop.Space, "v1beta1");
            var before = await SpecAsync(kubectl, version: "v1beta1");
            await shop.Space.ApplyAsync(Canary(Router, "[{ approval: { timeout: 1h, onTimeout: abort } }, { weight: 20, minDuration: 1s, maxDuration: 2s }]", ""), Stop);
            await shop.PhaseAsync("Stable", Stop);
            var written = Rules(await SpecAsync(kubectl, version: "v1beta1"));
            // As a pipeline does: the manifest once more, with something new in it.
            await shop.Space.ApplyAsync(Route.Replace("VERSION", "v1beta1", StringComparison.Ordinal).Replace("10s", "20s", StringComparison.Ordinal), Stop);
            await shop.UntilAsync("the route is split again", async () => Rules(await SpecAsync(kubectl, version: "v1beta1")).SequenceEqual(written), Stop);
            await shop.UntilAsync("the repair is told", async () => (await kubectl.RunAsync("get events -o jsonpath={.items[*].reason}")).Contains("RouteRepaired", StringComparison.Ordinal), Stop);
            await shop.ReleaseAsync(Stop);
            before["rules"]![1]!["timeouts"]!["request"] = "20s";
            Assert.True(Same(before, await SpecAsync(kubectl, version: "v1beta1"), withoutBackends: false));
            await shop.CloseAsync();
        }
        finally
        {
            await GatewayCrds.ServeAsync(kubectl, v1: true);
        }
    }

    [Fact]
    public async Task Examples_Applied_AreTakenUnderControlAndGivenBack()
    {
        await using var shop = await Shop.OpenAsync(installation, 2, Stop);
        using var kubectl = new Kubectl(shop.Space);
        await GatewayCrds.InstallAsync(kubectl);
        await using var gateway = new StandInGateway(shop.Space);
        await shop.Space.ApplyAsync(await ExampleAsync("checkout.yaml"), Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.StartsWith("checkout-mc-", Rules(await SpecAsync(kubectl))[0], StringComparison.Ordinal);
        await shop.ReleaseAsync(Stop);
        Assert.Equal(["checkout:1"], Rules(await SpecAsync(kubectl)));

        // Before 1.25 some servers refuse empty texts, and the group of a Service is one.
        var isOld = (await kubectl.RunAsync("get --raw /version")).Contains("\"minor\": \"20\"", StringComparison.Ordinal);
        await shop.Space.ApplyAsync((await ExampleAsync("own-route.yaml")).Replace("kind: Service, name: checkout }", isOld ? "name: public }" : "kind: Service, name: checkout }", StringComparison.Ordinal), Stop);
        await shop.PhaseAsync("Stable", Stop);
        Assert.StartsWith("checkout-mc-", Rules(await SpecAsync(kubectl, "checkout-meshcanary"))[0], StringComparison.Ordinal);
        await shop.ReleaseAsync(Stop);
        // One at a Gateway stays for its clients.
        Assert.Equal(isOld ? ["checkout:1"] : null, isOld ? Rules(await SpecAsync(kubectl, "checkout-meshcanary")) : null);
        Assert.Equal(isOld, (await kubectl.RunAsync("get httproutes -o name")).Contains("checkout-meshcanary", StringComparison.Ordinal));
    }

    private static string Canary(string router, string steps, string strategy) =>
        $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata:
          name: checkout
        spec:
          workload: { kind: Deployment, name: checkout, drainTime: 2s }
          service: { name: checkout }
          router: { type: gatewayApi, {{router}} }
          strategy: { steps: {{steps}}{{strategy}} }
          # Nobody listens there: without counts steps end by policy alone.
          analysis: { interval: 1s, warmup: 1s, onInconclusive: promote, source: { type: prometheus, address: "http://127.0.0.1:9", preset: istio } }
          bakeTime: 2s
          progressDeadline: 120s
        """;

    private static async Task<Kubectl> RouteAsync(Shop shop)
    {
        var kubectl = new Kubectl(shop.Space);
        await GatewayCrds.InstallAsync(kubectl);
        await shop.Space.ApplyAsync(Route.Replace("VERSION", "v1", StringComparison.Ordinal), Stop);
        return kubectl;
    }

    private static async Task<JsonObject> SpecAsync(Kubectl kubectl, string route = "checkout", string version = "v1") =>
        JsonNode.Parse(await kubectl.RunAsync($"get httproutes.{version}.gateway.networking.k8s.io {route} -o json"))!["spec"]!.AsObject();

    private static string[] Rules(JsonObject spec) =>
    [
        .. from rule in spec["rules"]!.AsArray()
           where rule!["backendRefs"] is not null
           select string.Join(' ', rule["backendRefs"]!.AsArray().Select(one => $"{one!["name"]}:{one["weight"]}")),
    ];

    private static bool Same(JsonObject one, JsonObject other, bool withoutBackends)
    {
        var (before, after) = (one.DeepClone(), other.DeepClone());
        foreach (var rule in withoutBackends ? before["rules"]!.AsArray().Concat(after["rules"]!.AsArray()) : [])
            rule!.AsObject().Remove("backendRefs");
        return JsonNode.DeepEquals(before, after) ? true : throw new InvalidOperationException($"{before}\nis not\n{after}");
    }

    private static Task<string> ExampleAsync(string name, [CallerFilePath] string here = "") =>
        File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "examples", "kubernetes", "gateway-api", name), Stop);
}
