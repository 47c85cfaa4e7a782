using System.Text.Json.Nodes;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.GatewayApi;
using static MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi.RouteBoard;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>Routes of the user: split through a rollout, and as they were after it.</summary>
public sealed class UserRouteTests
{
    [Fact]
    public void Run_WholeRollout_ChangesBackendsAlone()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Rich);
        var before = board["HTTPRoute", "checkout"].DeepClone();

        Assert.True(board.Run(Plan()).InForce);
        Assert.Equal("checkout-mc-v1:9 legacy:1", Rule(board, 1));
        Assert.Equal("checkout-mc-v1:1", Rule(board, 2));
        Assert.True(board.Run(Plan(1, canary: "v2")).InForce);
        Assert.Equal("checkout-mc-v1:89991 checkout-mc-v2:9 legacy:10000", Rule(board, 1));
        Assert.Equal("checkout-mc-v1:9999 checkout-mc-v2:1", Rule(board, 2));
        board.Run(Plan(2500, canary: "v2"));
        Assert.Equal("checkout-mc-v1:27 checkout-mc-v2:9 legacy:4", Rule(board, 1));
        board.Run(Plan(10_000, canary: "v2"));
        Assert.Equal("checkout-mc-v1:0 checkout-mc-v2:10000", Rule(board, 2));
        board.Run(Plan(stable: "v2"));
        Assert.Equal("checkout-mc-v2:9 legacy:1", Rule(board, 1));
        // A port that is not split, and a Service of that name elsewhere, are not touched.
        Assert.Equal("checkout:1", Rule(board, 3));
        Assert.Equal("checkout:1", Rule(board, 4));
        AssertSame(before, board["HTTPRoute", "checkout"], rule => rule.Remove("backendRefs"));
        Assert.All(board.Writes, write => Assert.IsType<MeshWrite.Patch>(write));
        Assert.Equal(5, board.Writes.Length);
    }

    [Fact]
    public void Run_Released_IsAsItWas()
    {
        foreach (var json in new[] { GoldenRoutes.Rich, GoldenRoutes.Plain })
        {
            var board = new RouteBoard(strategy: """, "mirror": { "share": "10%" }, "match": [{ "header": { "name": "x-beta", "exact": "1" } }]""");
            board.Put(json);
            var before = board["HTTPRoute", "checkout"].DeepClone();
            board.Run(Plan(2500, canary: "v2"));
            Assert.False(JsonNode.DeepEquals(before["spec"], board["HTTPRoute", "checkout"]["spec"]));

            Assert.True(board.Run(null).InForce);
            var after = board["HTTPRoute", "checkout"];
            Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]));
            Assert.False(after["metadata"]!.AsObject()["annotations"]?.AsObject().ContainsKey(KeptRoute.Annotation) == true);
            Assert.Null(board.Look(null).Write);
        }
    }

    [Fact]
    public void Run_OwnerAppliesItsManifestAgain_WhatIsNewInItIsKeptAndTheSplitComesBack()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Rich);
        board.Run(Plan(1000, canary: "v2"));
        var changed = GoldenRoutes.Rich.Replace("\"request\": \"10s\"", "\"request\": \"20s\"", StringComparison.Ordinal).Replace("\"weight\": 9", "\"weight\": 3", StringComparison.Ordinal);
        board.Change("HTTPRoute", "checkout", body => body["spec"] = JsonNode.Parse(changed)!["spec"]!.DeepClone());

        var step = board.Look(Plan(1000, canary: "v2"));
        Assert.Contains("written by somebody else", step.Told, StringComparison.Ordinal);
        board.Run(Plan(1000, canary: "v2"));
        Assert.Equal("checkout-mc-v1:27 checkout-mc-v2:3 legacy:10", Rule(board, 1));
        board.Run(null);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(changed)!["spec"], board["HTTPRoute", "checkout"]["spec"]));
    }

    [Fact]
    public void Run_SomebodyEditsTheSplit_ItIsRepairedAndOtherEditsStay()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Rich);
        board.Run(Plan(1000, canary: "v2"));
        board.Change("HTTPRoute", "checkout", body =>
        {
            var rules = body["spec"]!["rules"]!.AsArray();
            rules[1]!["timeouts"]!["request"] = "30s";
            rules[2]!["backendRefs"]![1]!["weight"] = 9000;
            rules.Insert(0, JsonNode.Parse("""{ "matches": [{ "path": { "type": "PathPrefix", "value": "/new" } }], "backendRefs": [{ "group": "", "kind": "Service", "name": "new", "port": 80, "weight": 1 }] }"""));
        });

        Assert.NotNull(board.Look(Plan(1000, canary: "v2")).Told);
        board.Run(Plan(1000, canary: "v2"));
        Assert.Equal("checkout-mc-v1:9000 checkout-mc-v2:1000", Rule(board, 3));
        board.Run(null);
        var expected = JsonNode.Parse(GoldenRoutes.Rich)!["spec"]!;
        expected["rules"]![1]!["timeouts"]!["request"] = "30s";
        var after = board["HTTPRoute", "checkout"]["spec"]!.DeepClone();
        Assert.Equal("new:1", Weights(after["rules"]![0]));
        after["rules"]!.AsArray().RemoveAt(0);
        Assert.True(JsonNode.DeepEquals(expected, after));
    }

    [Fact]
    public void Run_SomebodyTakesStableOutOfARule_TheRuleIsNotTakenForOneOfOurs()
    {
        var board = new RouteBoard(strategy: """, "match": [{ "header": { "name": "x-beta", "exact": "1" } }]""");
        board.Put(GoldenRoutes.Plain);
        board.Run(Plan(1000, canary: "v2"));
        board.Change("HTTPRoute", "checkout", body => body["spec"]!["rules"]![1]!["backendRefs"]!.AsArray().RemoveAt(0));

        board.Run(null);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(GoldenRoutes.Plain)!["spec"], board["HTTPRoute", "checkout"]["spec"]));
    }

    [Fact]
    public void Next_NothingDiffers_WritesNothing()
    {
        var board = new RouteBoard(strategy: """, "mirror": { "share": "10%" }, "match": [{ "cookie": { "name": "who", "exact": "a" } }]""");
        board.Put(GoldenRoutes.Rich);
        board.Run(Plan(1000, canary: "v2"));
        var writes = board.Writes.Length;
        Assert.True(board.Run(Plan(1000, canary: "v2")).InForce);
        Assert.Equal(writes, board.Writes.Length);
    }

    [Fact]
    public void Next_TwoCanariesOnOneRoute_EachHasItsRules()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Plain);
        // The other one's: kept and split before us.
        board.Change("HTTPRoute", "checkout", body =>
        {
            body["metadata"]!["annotations"] = new JsonObject { [KeptRoute.Annotation] = """{"cart":{"since":"2026-01-01T00:00:00.000Z","stable":"cart-mc-1","backendRefs":[[{"name":"cart","port":80,"weight":1}]]}}""" };
            body["spec"]!["rules"]!.AsArray().Insert(0, JsonNode.Parse("""{ "backendRefs": [{ "name": "cart-mc-1", "port": 80, "weight": 1 }] }"""));
        });

        board.Run(Plan(1000, canary: "v2"));
        Assert.Equal("cart-mc-1:1", Rule(board, 0));
        Assert.Equal("checkout-mc-v1:9000 checkout-mc-v2:1000", Rule(board, 1));
        board.Run(null);
        Assert.Equal("checkout:1", Rule(board, 1));
        Assert.Contains("\"cart\"", board["HTTPRoute", "checkout"]["metadata"]!["annotations"]![KeptRoute.Annotation]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"checkout\"", board["HTTPRoute", "checkout"]["metadata"]!["annotations"]![KeptRoute.Annotation]!.GetValue<string>(), StringComparison.Ordinal);

        board.Change("HTTPRoute", "checkout", body => body["spec"]!["rules"]![1]!["backendRefs"]!.AsArray().Add(JsonNode.Parse("""{ "name": "cart-mc-1", "port": 80, "weight": 1 }""")));
        Assert.Contains("is split for Canary cart already", board.Look(Plan()).Waits, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_AnnotationLost_GuessesNothing()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Plain);
        board.Run(Plan(1000, canary: "v2"));
        board.Change("HTTPRoute", "checkout", body => body["metadata"]!.AsObject().Remove("annotations"));

        foreach (var plan in new[] { Plan(2000, canary: "v2"), null })
        {
            var step = board.Look(plan);
            Assert.Null(step.Write);
            Assert.False(step.InForce);
            Assert.Contains("write Service checkout in place of its versions by hand", step.Waits, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Next_WhatIsMissing_IsSaidAndNothingIsWritten()
    {
        var board = new RouteBoard();
        Assert.Equal("HTTPRoute shop/checkout, which is not there", board.Look(Plan()).Waits);
        board.Put(GoldenRoutes.Plain);
        Assert.Equal("the Service of revision v3", board.Look(Plan(100, canary: "v3")).Waits);
        board.Ports = [8443];
        Assert.Equal("a backend of HTTPRoute shop/checkout that leads to Service checkout on port 8443", board.Look(Plan()).Waits);
        board.Missing = ["HTTPRoute"];
        Assert.Equal("the Gateway API: the server has no httproutes.gateway.networking.k8s.io in v1 or v1beta1; install its CRDs", board.Look(Plan()).Waits);
        Assert.Empty(board.Writes);
        Assert.True(board.Look(null).InForce);
    }

    [Fact]
    public void Run_ServerOfV1Beta1_IsWrittenInThat()
    {
        var board = new RouteBoard { Version = "v1beta1" };
        board.Put(GoldenRoutes.Plain);
        Assert.True(board.Run(Plan(1000, canary: "v2")).InForce);
        Assert.True(board.Run(null).InForce);
    }

    [Fact]
    public void Run_SeveralRoutesAndKinds_AllAreSplitAndOneThatIsGoneKeepsNoOtherFromGoingBack()
    {
        var board = new RouteBoard("""{ "routes": [{ "name": "checkout" }, { "kind": "GRPCRoute", "name": "checkout-grpc" }] }""");
        board.Put(GoldenRoutes.Plain);
        board.Put(GoldenRoutes.Grpc);
        var step = board.Run(Plan(3000, canary: "v2"));
        Assert.Equal((true, 2, 2), (step.InForce, step.Routes, step.RoutesInForce));
        Assert.Equal("checkout-mc-v1:7000 checkout-mc-v2:3000", Weights(board["GRPCRoute", "checkout-grpc"]["spec"]!["rules"]![0]));

        board.Change("HTTPRoute", "checkout", body => body["spec"]!["rules"] = new JsonArray());
        step = board.Run(Plan(0, canary: "v2"));
        Assert.Equal((false, 2, 1), (step.InForce, step.Routes, step.RoutesInForce));
        Assert.Equal("checkout-mc-v1:10000 checkout-mc-v2:0", Weights(board["GRPCRoute", "checkout-grpc"]["spec"]!["rules"]![0]));
    }

    [Fact]
    public void Run_SpecNamesAnotherRoute_TheFormerIsGivenBack()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Plain);
        board.Put(GoldenRoutes.Plain.Replace("\"name\": \"checkout\" }", "\"name\": \"other\" }", StringComparison.Ordinal));
        board.Run(Plan(1000, canary: "v2"));
        board.Ask("""{ "routes": [{ "name": "other" }] }""");
        Assert.True(board.Run(Plan(1000, canary: "v2")).InForce);
        Assert.Equal("checkout:1", Rule(board, 0));
        Assert.Equal("checkout-mc-v1:9000 checkout-mc-v2:1000", Weights(board["HTTPRoute", "other"]["spec"]!["rules"]![0]));
    }

    private static string Rule(RouteBoard board, int rule) => Weights(board["HTTPRoute", "checkout"]["spec"]!["rules"]![rule]);

    private static void AssertSame(JsonNode before, JsonNode after, Action<JsonObject> without)
    {
        var (one, other) = (before["spec"]!.DeepClone(), after["spec"]!.DeepClone());
        foreach (var rule in one["rules"]!.AsArray().Concat(other["rules"]!.AsArray()))
            without(rule!.AsObject());
        Assert.Equal(one.ToJsonString(), other.ToJsonString());
    }
}
