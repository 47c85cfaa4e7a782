using System.Text.Json.Nodes;
using MeshCanary.Controller.Traffic.Meshes;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.Istio;

/// <summary>The dialect of Istio, driven as a controller does that forgets everything after each step.</summary>
public sealed class IstioDialectTests
{
    private const string Named = """{ "virtualServices": [{ "name": "checkout" }] }""";
    private const string Plain = """{ "hosts": ["checkout"], "http": [{ "name": "all", "timeout": "3s", "route": [{ "destination": { "host": "checkout" } }] }] }""";

    private readonly IstioWorld _world = new();

    [Fact]
    public void Next_IstioNotInstalled_WaitsForItAndGivesBackNothing()
    {
        _world.Served = null;
        Assert.Contains("Istio to be installed", _world.Look(IstioWorld.Wish(0, canary: false)).Waits);
        Assert.True(_world.Look(IstioWorld.Wish(0) with { Plan = null }).InForce);
    }

    [Fact]
    public void Next_OlderApi_IsWrittenByIt()
    {
        _world.Served = "v1beta1";
        Assert.True(_world.Settle(IstioWorld.Wish(500)).InForce);
        Assert.Equal(["Apply VirtualService checkout-meshcanary"], _world.Writes);
    }

    [Fact]
    public void Own_WholeRun_IsMadeFollowsAndGoes()
    {
        var ports = new[] { new MeshPort(80, "http", "", true), new MeshPort(81, "http-admin", "", false), new MeshPort(9000, "tcp-feed", "", true) };
        const string settings = """{ "hosts": ["www.example.org"], "gateways": ["mesh", "edge/public"], "http": { "timeout": "5s" } }""";
        Assert.True(_world.Settle(IstioWorld.Wish(0, settings, canary: false, ports: ports)).InForce);
        Assert.Equal("""{"hosts":["checkout","www.example.org"],"gateways":["mesh","edge/public"],"http":[{"name":"port-80","match":[{"port":80}],"timeout":"5s","route":[{"destination":{"host":"checkout-mc-aaa","port":{"number":80}}}]},{"name":"port-81","match":[{"port":81}],"timeout":"5s","route":[{"destination":{"host":"checkout","port":{"number":81}}}]}],"tcp":[{"match":[{"port":9000}],"route":[{"destination":{"host":"checkout-mc-aaa","port":{"number":9000}}}]}]}""", Spec("checkout-meshcanary"));

        Assert.True(_world.Settle(IstioWorld.Wish(2500, settings, ports: ports)).InForce);
        Assert.Contains("""{"destination":{"host":"checkout-mc-aaa","port":{"number":80}},"weight":7500},{"destination":{"host":"checkout-mc-bbb","port":{"number":80}},"weight":2500}""", Spec("checkout-meshcanary"), StringComparison.Ordinal);
        Assert.Empty(_world.Told);

        // Somebody else writes into it.
        var changed = JsonNode.Parse(Spec("checkout-meshcanary"))!;
        changed["http"]!.AsArray().RemoveAt(0);
        _world.Write("VirtualService", "checkout-meshcanary", changed);
        _world.Settle(IstioWorld.Wish(2500, settings, ports: ports));
        Assert.Single(_world.Told);
        Assert.Contains("port-80", Spec("checkout-meshcanary"), StringComparison.Ordinal);

        // First back to the Service, and gone only when proxies know.
        _world.Writes.Clear();
        var gone = IstioWorld.Wish(0, settings, canary: false, ports: ports) with { Plan = null, ArmServices = [] };
        Assert.True(_world.Settle(gone).InForce);
        Assert.Equal(["Apply VirtualService checkout-meshcanary", "Delete VirtualService checkout-meshcanary"], _world.Writes);
    }

    [Fact]
    public void Own_AnotherForTheSameHost_WaitsAndTouchesNothing()
    {
        _world.Write("VirtualService", "team", JsonNode.Parse("""{ "hosts": ["checkout.shop.svc.cluster.local"], "http": [{ "route": [{ "destination": { "host": "other" } }] }] }""")!);
        var step = _world.Settle(IstioWorld.Wish(500));
        Assert.Contains("VirtualService team has already", step.Waits);
        Assert.False(step.InForce);
        Assert.Empty(_world.Writes);
        // One for a gateway alone is another way.
        _world.Write("VirtualService", "team", JsonNode.Parse("""{ "hosts": ["checkout"], "gateways": ["edge"], "http": [{ "route": [{ "destination": { "host": "other" } }] }] }""")!);
        Assert.True(_world.Settle(IstioWorld.Wish(500)).InForce);
    }

    [Fact]
    public void Own_UserNamesARouteLater_GoesWhenThatOneCarries()
    {
        _world.Settle(IstioWorld.Wish(500));
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        Assert.True(_world.Settle(IstioWorld.Wish(500, Named)).InForce);
        Assert.Equal(["Apply VirtualService checkout-meshcanary", "Patch VirtualService checkout", "Delete VirtualService checkout-meshcanary"], _world.Writes);
    }

    [Fact]
    public void Named_NoLongerNamed_IsRestored()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        _world.Write("VirtualService", "second", JsonNode.Parse(Plain.Replace("\"checkout\"]", "\"second\"]", StringComparison.Ordinal))!);
        _world.Settle(IstioWorld.Wish(500, """{ "virtualServices": [{ "name": "checkout" }, { "name": "second" }] }"""));
        Assert.Contains("checkout-mc-bbb", Spec("second"), StringComparison.Ordinal);
        Assert.True(_world.Settle(IstioWorld.Wish(500, Named)).InForce);
        Assert.DoesNotContain("-mc-", Spec("second"), StringComparison.Ordinal);
        Assert.Contains("checkout-mc-bbb", Spec("checkout"), StringComparison.Ordinal);
    }

    [Fact]
    public void Named_EditedWhileSplit_KeepsTheEditAndRestoresTheRest()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        _world.Settle(IstioWorld.Wish(500, Named));
        var edited = JsonNode.Parse(Spec("checkout"))!;
        edited["http"]![0]!["timeout"] = "9s";
        edited["http"]!.AsArray().Insert(0, JsonNode.Parse("""{ "name": "new", "match": [{ "uri": { "exact": "/new" } }], "route": [{ "destination": { "host": "checkout" } }] }"""));
        _world.Write("VirtualService", "checkout", edited);
        Assert.True(_world.Settle(IstioWorld.Wish(500, Named)).InForce);
        Assert.Equal(2, JsonNode.Parse(Spec("checkout"))!["http"]![0]!["route"]!.AsArray().Count);
        _world.Settle(IstioWorld.Wish(500, Named) with { Plan = null });
        Assert.Equal("""{"hosts":["checkout"],"http":[{"name":"new","match":[{"uri":{"exact":"/new"}}],"route":[{"destination":{"host":"checkout"}}]},{"name":"all","timeout":"9s","route":[{"destination":{"host":"checkout"}}]}]}""", Spec("checkout"));
    }

    [Fact]
    public void Named_NoteLost_IsRestoredAllTheSame()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        _world.Settle(IstioWorld.Wish(500, Named));
        _world["VirtualService", "checkout"]!["metadata"]!.AsObject().Remove("annotations");
        _world.Settle(IstioWorld.Wish(500, Named) with { Plan = null });
        Assert.Equal(JsonNode.Parse(Plain)!.ToJsonString(), Spec("checkout"));
    }

    [Fact]
    public void Named_TwoCanariesInOneVirtualService_DoNotDisturbEachOther()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse("""{ "hosts": ["*"], "http": [{ "name": "a", "route": [{ "destination": { "host": "checkout" } }] }, { "name": "b", "route": [{ "destination": { "host": "cart" } }] }] }""")!);
        var (one, other) = (IstioWorld.Wish(500, Named), Cart(IstioWorld.Wish(2000, Named)));
        _world.Settle(one);
        _world.Settle(other);
        Assert.True(_world.Settle(one).InForce);
        Assert.Empty(_world.Told);
        Assert.Contains("""[{"destination":{"host":"cart-mc-aaa"},"weight":8000},{"destination":{"host":"cart-mc-bbb"},"weight":2000}]""", Spec("checkout"), StringComparison.Ordinal);
        _world.Settle(one with { Plan = null });
        Assert.Contains("""[{"destination":{"host":"checkout"}}]""", Spec("checkout"), StringComparison.Ordinal);
        Assert.Contains("cart-mc-bbb", Spec("checkout"), StringComparison.Ordinal);
        Assert.True(_world.Settle(other with { Plan = null }).InForce);
        Assert.DoesNotContain("-mc-", Spec("checkout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "hosts": ["checkout"], "http": [{ "route": [{ "destination": { "host": "other" } }] }] }""", "[]", "no route leads to the Service")]
    [InlineData("""{ "hosts": ["checkout"], "http": [{ "delegate": { "name": "team" } }] }""", "[]", "it delegates to team")]
    [InlineData("""{ "hosts": ["checkout"], "http": [{ "name": "a", "route": [{ "destination": { "host": "checkout" } }] }] }""", """["a", "b"]""", "no HTTP route b")]
    [InlineData("""{ "hosts": ["checkout"], "http": [{ "name": "a", "match": [{ "headers": { "x-beta": { "exact": "2" } } }], "route": [{ "destination": { "host": "checkout" } }] }] }""", "[]", "route a matches headers itself")]
    [InlineData("""{ "hosts": ["checkout"], "http": [{ "name": "a", "route": [{ "destination": { "host": "checkout.other" } }] }] }""", "[]", "no route leads to the Service")]
    public void Named_ThatCannotBeSplit_IsToldAndLeftAlone(string given, string routes, string told)
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(given)!);
        var step = _world.Settle(IstioWorld.Wish(500, $$"""{ "virtualServices": [{ "name": "checkout", "routes": {{routes}} }] }""", """, "match": [{ "header": { "name": "x-beta", "exact": "1" } }]"""));
        Assert.Contains(told, step.Waits);
        Assert.False(step.InForce);
        Assert.Empty(_world.Writes);
    }

    [Fact]
    public void Named_NotThere_IsWaitedFor()
    {
        Assert.Contains("VirtualService checkout, which is not in the namespace", _world.Settle(IstioWorld.Wish(500, Named)).Waits);
        Assert.Empty(_world.Writes);
    }

    [Fact]
    public void Named_MirrorOfTheUser_IsNotOverwritten()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse("""{ "hosts": ["checkout"], "http": [{ "name": "a", "mirror": { "host": "audit" }, "route": [{ "destination": { "host": "checkout" } }] }] }""")!);
        Assert.Contains("mirror of its own", _world.Settle(IstioWorld.Wish(500, Named, """, "mirror": { "share": "10%" }""")).Waits);
        Assert.Empty(_world.Writes);
    }

    [Fact]
    public void Next_StableWithoutPods_LeavesEverythingAsItIs()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        _world.Settle(IstioWorld.Wish(500, Named));
        var before = Spec("checkout");
        var step = _world.Settle(IstioWorld.Wish(500, Named) with { ArmServices = [] });
        Assert.False(step.InForce);
        Assert.Equal(before, Spec("checkout"));
    }

    [Fact]
    public void Next_CanaryWithoutPods_GetsNothing()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        var wish = IstioWorld.Wish(500, Named);
        _world.Settle(wish);
        var step = _world.Settle(wish with { ArmServices = wish.ArmServices.Remove("bbb") });
        Assert.False(step.InForce);
        Assert.Contains("pods of the new version", step.Waits);
        Assert.DoesNotContain("checkout-mc-bbb", Spec("checkout"), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_None_GivesThePropagationItsTimeAndSaysSo()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        var wish = IstioWorld.Wish(500, Named);
        var settled = _world.Settle(wish);
        Assert.Contains("Istio does not report whether proxies have it", settled.Proof);
        Assert.Equal(1, settled.RoutesInForce);
        var next = IstioWorld.Wish(2000, Named);
        _world.Pass(TimeSpan.FromHours(1));
        Assert.NotNull(_world.Look(next).Write);
        var writes = _world.Writes.Count;
        var start = _world.Now;
        Assert.True(_world.Settle(next).InForce);
        Assert.Equal(writes + 1, _world.Writes.Count);
        Assert.Equal(TimeSpan.FromSeconds(5), _world.Now - start);
    }

    [Fact]
    public void Report_OfIstio_IsBelievedOfTheGenerationThatItIsOf()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        var wish = IstioWorld.Wish(500, Named);
        _world.Report("checkout", Reconciled("True", 1));
        Assert.Contains("Istio to report", Unreported(wish));
        _world.Report("checkout", Reconciled("False", 2));
        var waiting = _world.Look(wish);
        Assert.False(waiting.InForce);
        Assert.Null(waiting.LookAgainAt);
        Assert.Contains("90 of 100", waiting.Waits);
        _world.Report("checkout", Reconciled("True", 2));
        var step = _world.Look(wish);
        Assert.True(step.InForce);
        Assert.Contains("Istio reports that all proxies have", step.Proof);
    }

    [Fact]
    public void Report_OfAnError_Holds()
    {
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        var wish = IstioWorld.Wish(500, Named);
        _world.Settle(wish);
        _world.Report("checkout", JsonNode.Parse("""{ "observedGeneration": "2", "validationMessages": [{ "level": "WARNING", "type": { "code": "IST0100" } }, { "level": "ERROR", "type": { "code": "IST0101", "name": "ReferencedResourceNotFound" } }] }""")!.AsObject());
        var step = _world.Look(wish);
        Assert.False(step.InForce);
        Assert.Contains("IST0101 ReferencedResourceNotFound", step.Waits);
    }

    [Fact]
    public void Rules_OfTheUsersService_HoldForItsVersionsToo()
    {
        _world.Write("DestinationRule", "checkout", JsonNode.Parse("""{ "host": "checkout.shop.svc.cluster.local", "trafficPolicy": { "outlierDetection": { "consecutive5xxErrors": 5 } }, "subsets": [{ "name": "eu", "labels": { "zone": "eu" } }] }""")!);
        _world.Write("VirtualService", "checkout", JsonNode.Parse(Plain)!);
        Assert.True(_world.Settle(IstioWorld.Wish(500, Named)).InForce);
        Assert.Equal(["Apply DestinationRule checkout-mc-aaa", "Apply DestinationRule checkout-mc-bbb", "Patch VirtualService checkout"], _world.Writes);
        Assert.Equal("""{"host":"checkout-mc-bbb.shop.svc.cluster.local","trafficPolicy":{"outlierDetection":{"consecutive5xxErrors":5}},"subsets":[{"name":"eu","labels":{"zone":"eu"}}]}""", _world["DestinationRule", "checkout-mc-bbb"]!["spec"]!.ToJsonString());

        // Theirs is changed, and ours follow; what a version that is gone had goes.
        _world.Write("DestinationRule", "checkout", JsonNode.Parse("""{ "host": "checkout", "trafficPolicy": { "tls": { "mode": "ISTIO_MUTUAL" } } }""")!);
        _world.Settle(IstioWorld.Wish(0, Named, canary: false));
        Assert.Equal(["checkout", "checkout-mc-aaa"], _world.Names("DestinationRule"));
        Assert.Equal("""{"host":"checkout-mc-aaa","trafficPolicy":{"tls":{"mode":"ISTIO_MUTUAL"}}}""", _world["DestinationRule", "checkout-mc-aaa"]!["spec"]!.ToJsonString());
        Assert.True(_world.Settle(IstioWorld.Wish(0, Named, canary: false) with { Plan = null, ArmServices = [] }).InForce);
        Assert.Equal(["checkout"], _world.Names("DestinationRule"));
    }

    private string? Unreported(MeshWish wish)
    {
        MeshStep step;
        var tries = 0;
        do
        {
            step = _world.Look(wish);
            if (step.Write is not null)
                _world.Do(step.Write);
        }
        while (step.Write is not null && ++tries < 10);
        return step.Waits;
    }

    private string Spec(string name) => _world["VirtualService", name]!["spec"]!.ToJsonString();

    private static JsonObject Reconciled(string status, int generation) => new()
    {
        ["observedGeneration"] = generation,
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Reconciled", ["status"] = status, ["message"] = "90 of 100 proxies up to date" }),
    };

    private static MeshWish Cart(MeshWish wish) => wish with
    {
        Manifest = wish.Manifest with { Name = "cart", Spec = wish.Manifest.Spec with { Service = wish.Manifest.Spec.Service with { Name = "cart" } } },
        Uid = "cart-uid",
        ArmServices = wish.ArmServices.SetItem("aaa", "cart-mc-aaa").SetItem("bbb", "cart-mc-bbb"),
    };
}
