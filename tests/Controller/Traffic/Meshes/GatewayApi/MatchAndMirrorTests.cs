using System.Text.Json.Nodes;
using static MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi.RouteBoard;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>Match rules and copies, as a route says them.</summary>
public sealed class MatchAndMirrorTests
{
    private const string Beta = """{ "header": { "name": "x-beta", "exact": "1" } }""";

    [Fact]
    public void Run_MatchRules_AreRulesBeforeTheOnesTheyNarrow()
    {
        var board = new RouteBoard(strategy: Match(Beta, """{ "all": [{ "cookie": { "name": "plan", "exact": "go.ld" } }, { "query": { "name": "preview", "present": "true" } }] }"""));
        board.Put(GoldenRoutes.Rich);
        board.Run(Plan(1000, canary: "v2"));

        var rules = Rules(board);
        Assert.Equal(["assets", null, "api", null, null, null, null], rules.Select(rule => (string?)rule!["name"]));
        var added = rules[1]!.DeepClone().AsObject();
        Assert.Equal("checkout-mc-v2:1 checkout-mc-v1:0", Weights(added));
        Assert.Equal(
            """
            [{"path":{"type":"PathPrefix","value":"/api"},"headers":[{"type":"Exact","name":"x-tenant","value":"a"},{"type":"Exact","name":"x-beta","value":"1"}]},{"path":{"type":"PathPrefix","value":"/api"},"headers":[{"type":"Exact","name":"x-tenant","value":"a"},{"type":"RegularExpression","name":"cookie","value":"^(?:.*;[ ]*)?plan=go\\.ld(?:;.*)?$"}],"queryParams":[{"type":"RegularExpression","name":"preview","value":".+"}]},{"path":{"type":"Exact","value":"/rpc"},"method":"POST","headers":[{"type":"Exact","name":"x-beta","value":"1"}]},{"path":{"type":"Exact","value":"/rpc"},"method":"POST","headers":[{"type":"RegularExpression","name":"cookie","value":"^(?:.*;[ ]*)?plan=go\\.ld(?:;.*)?$"}],"queryParams":[{"type":"RegularExpression","name":"preview","value":".+"}]}]
            """,
            Text(added["matches"]!));
        // All else is as in the rule that it narrows.
        Assert.True(JsonNode.DeepEquals(Without(rules[2]!, "name", "matches", "backendRefs"), Without(added, "matches", "backendRefs")));

        // Without weight no rule holds: a canary that goes back gets nothing.
        board.Run(Plan(0, canary: "v2"));
        Assert.Equal(5, Rules(board).Count);
        Assert.Equal("checkout-mc-v1:1 checkout-mc-v2:0 legacy:1".Replace("checkout-mc-v1:1", "checkout-mc-v1:9", StringComparison.Ordinal), Weights(Rules(board)[1]));
    }

    [Theory]
    [InlineData("""{ "path": { "prefix": "/api" } }""", "/", "PathPrefix /api")]
    [InlineData("""{ "path": { "prefix": "/api/v2" } }""", "/api", "PathPrefix /api/v2")]
    [InlineData("""{ "path": { "prefix": "/" } }""", "/api", "PathPrefix /api")]
    [InlineData("""{ "path": { "exact": "/api/pay" } }""", "/api", "Exact /api/pay")]
    [InlineData("""{ "path": { "prefix": "/apiary" } }""", "/api", null)]
    [InlineData("""{ "path": { "exact": "/other" } }""", "/api", null)]
    [InlineData("""{ "path": { "regex": "/(a|b)" } }""", "/", "RegularExpression ^(?:/(a|b))$")]
    public void Run_MatchRuleOnPath_IsWhatBothHoldFor(string rule, string prefix, string? expected)
    {
        var board = new RouteBoard(strategy: Match(rule));
        board.Put(GoldenRoutes.Plain.Replace("\"value\": \"/\"", $"\"value\": \"{prefix}\"", StringComparison.Ordinal));
        Assert.True(board.Run(Plan(1000, canary: "v2")).InForce);
        var rules = Rules(board);
        Assert.Equal(expected is null ? 1 : 2, rules.Count);
        if (expected is not null)
            Assert.Equal(expected, $"{rules[0]!["matches"]![0]!["path"]!["type"]} {rules[0]!["matches"]![0]!["path"]!["value"]}");
    }

    [Fact]
    public void Next_WhatTheApiHasNoFormFor_IsSaidBeforeAnyRun()
    {
        var board = new RouteBoard(strategy: Match("""{ "path": { "regex": "/(a|b)" } }"""));
        board.Put(GoldenRoutes.Rich);
        var step = board.Run(Plan());
        Assert.False(step.InForce);
        Assert.Contains("for which the Gateway API has no form, in HTTPRoute shop/checkout", step.Waits, StringComparison.Ordinal);
        // What goes back goes back.
        Assert.Null(board.Look(Plan(1000, canary: "v2")).Write);
        Assert.True(board.Run(Plan(0, canary: "v2")).InForce);
    }

    [Fact]
    public void Next_NoRoomForTheRules_IsSaidBeforeAnyRun()
    {
        var board = new RouteBoard(strategy: Match(Beta));
        board.Put(GoldenRoutes.Plain);
        board.Change("HTTPRoute", "checkout", body =>
        {
            var rules = body["spec"]!["rules"]!.AsArray();
            while (rules.Count < 9)
                rules.Add(rules[0]!.DeepClone());
        });
        Assert.Contains("room for 18 rules", board.Run(Plan()).Waits, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Mirror_IsAFilterWithAShareWhileTheCanaryHasWeight()
    {
        var board = new RouteBoard(strategy: """, "mirror": { "share": "2.5%" }""");
        board.Put(GoldenRoutes.Rich);
        board.Run(Plan(1000, canary: "v2"));
        Assert.Equal(
            """{"type":"RequestMirror","requestMirror":{"backendRef":{"kind":"Service","name":"checkout-mc-v2","port":80},"fraction":{"numerator":250,"denominator":10000}}}""",
            Text(Rules(board)[2]!["filters"]![0]!));
        Assert.Equal(4, Rules(board)[1]!["filters"]!.AsArray().Count);
        board.Run(Plan(0, canary: "v2"));
        Assert.Null(Rules(board)[2]!["filters"]);
        Assert.Equal(3, Rules(board)[1]!["filters"]!.AsArray().Count);
    }

    [Fact]
    public void Run_GrpcRoute_TakesHeadersAndCopies()
    {
        var board = new RouteBoard("""{ "routes": [{ "kind": "GRPCRoute", "name": "checkout-grpc" }] }""", $$"""{{Match(Beta)}}, "mirror": { "share": "100%" }""");
        board.Put(GoldenRoutes.Grpc);
        board.Run(Plan(1000, canary: "v2"));
        var rules = board["GRPCRoute", "checkout-grpc"]["spec"]!["rules"]!.AsArray();
        Assert.Equal("""[{"method":{"type":"Exact","service":"shop.Checkout","method":"Quote"},"headers":[{"type":"Exact","name":"x-beta","value":"1"}]}]""", Text(rules[0]!["matches"]!));
        Assert.Null(rules[1]!["filters"]![0]!["requestMirror"]!["fraction"]);
    }

    private static string Match(params string[] rules) => $$""", "match": [{{string.Join(",", rules)}}]""";

    private static JsonArray Rules(RouteBoard board) => board["HTTPRoute", "checkout"]["spec"]!["rules"]!.AsArray();

    private static string Text(JsonNode node) => node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static JsonObject Without(JsonNode rule, params string[] fields)
    {
        var copy = rule.DeepClone().AsObject();
        foreach (var field in fields)
            copy.Remove(field);
        return copy;
    }
}
