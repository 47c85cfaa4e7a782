using System.Text.Json.Nodes;
using static MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi.RouteBoard;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>What counts as acknowledged.</summary>
public sealed class RouteStatusTests
{
    [Fact]
    public void Next_ControllerTookTheGeneration_IsInForceAfterTheTimeOfPropagation()
    {
        var board = Written();
        Assert.Contains("a controller to report on HTTPRoute shop/checkout at Gateway infra/public", board.Look(Plan()).Waits, StringComparison.Ordinal);
        board.Report(behind: 1);
        Assert.Contains($"{Reporter} to report on generation 2 of HTTPRoute shop/checkout at Gateway infra/public; it reports on 1", board.Look(Plan()).Waits, StringComparison.Ordinal);
        board.Report();
        var step = board.Look(Plan());
        Assert.Equal((false, "5 s for HTTPRoute shop/checkout to reach the data plane, on which the Gateway API does not report", board.Now.AddSeconds(5)), (step.InForce, step.Waits, step.LookAgainAt));

        step = board.Run(Plan(), reports: false);
        Assert.Equal((true, 1, 1), (step.InForce, step.Routes, step.RoutesInForce));
        Assert.Equal($"{Reporter} took generation 2 of HTTPRoute shop/checkout with all its backends; 5 s were given to the data plane, on which the Gateway API does not report", step.Proof);
    }

    [Theory]
    [InlineData("False", "True", "Accepted False, NotThatOne: because")]
    [InlineData("True", "False", "ResolvedRefs False, NotThatOne: because")]
    [InlineData("Unknown", "True", "Accepted Unknown, NotThatOne: because")]
    public void Next_ControllerRefuses_HoldsWithItsReason(string accepted, string resolved, string told)
    {
        var board = Written();
        board.Report(accepted: accepted, resolved: resolved);
        var step = board.Run(Plan(), reports: false);
        Assert.False(step.InForce);
        Assert.Equal($"HTTPRoute shop/checkout at Gateway infra/public to be taken by {Reporter}, which reports {told}", step.Waits);
    }

    [Fact]
    public void Next_PartlyInvalid_Holds()
    {
        var board = Written();
        board.Report();
        Conditions(board, 0).Add(JsonNode.Parse("""{ "type": "PartiallyInvalid", "status": "True", "reason": "UnsupportedValue", "message": "rule 2 dropped", "observedGeneration": 2 }"""));
        Assert.Contains("PartiallyInvalid True, UnsupportedValue: rule 2 dropped", board.Run(Plan(), reports: false).Waits, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_OneOfTwoParentsUnreported_WaitsOrTakesItAsAsked()
    {
        foreach (var takes in new[] { false, true })
        {
            var board = new RouteBoard($$"""{ "routes": [{ "name": "checkout" }]{{(takes ? """, "unreportedParents": "take", "propagation": "1s" """ : "")}} }""");
            board.Put(GoldenRoutes.Rich);
            board.Do(board.Look(Plan()).Write!);
            board.Report();
            board["HTTPRoute", "checkout"]["status"]!["parents"]!.AsArray().RemoveAt(1);
            var step = board.Run(Plan(), reports: false);
            Assert.Equal(takes, step.InForce);
            if (takes)
                Assert.Contains("nobody reports on it at Service shop/checkout, port 80; 1 s were given", step.Proof, StringComparison.Ordinal);
            else
                Assert.Contains("at Service shop/checkout, port 80: none does", step.Waits, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Next_ReportOfAnotherController_CountsForServicesAndNotForGateways()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Rich);
        board.Do(board.Look(Plan()).Write!);
        board.Report();
        var parents = board["HTTPRoute", "checkout"]["status"]!["parents"]!.AsArray();
        AddFormer(parents, 0);
        Assert.True(board.Run(Plan(), reports: false).InForce);
        AddFormer(parents, 1);
        Assert.Contains("example.org/former to report on generation 2", board.Run(Plan(), reports: false).Waits, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_GatewayIsNotProgrammed_Holds()
    {
        var board = Written();
        board.Report();
        board.Put("""{ "kind": "Gateway", "metadata": { "name": "public", "namespace": "infra" }, "spec": {}, "status": { "conditions": [{ "type": "Programmed", "status": "False", "reason": "NoResources", "message": "no nodes" }] } }""");
        Assert.Equal("Gateway infra/public to be programmed; its controller reports Programmed False, NoResources: no nodes", board.Run(Plan(), reports: false).Waits);
    }

    [Fact]
    public void Next_ControllerNamesNoGeneration_IsSaid()
    {
        var board = Written();
        board.Report();
        foreach (var condition in Conditions(board, 0))
            condition!.AsObject().Remove("observedGeneration");
        var step = board.Run(Plan(), reports: false);
        Assert.True(step.InForce);
        Assert.StartsWith("nobody reports on it at Gateway infra/public (without saying which generation)", step.Proof, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NobodyReportsOnAReleasedRoute_IsLetGoAfterAWhile()
    {
        var board = Written();
        var before = board.Now;
        Assert.True(board.Run(null, reports: false).InForce);
        Assert.Equal(before.AddSeconds(30), board.Now);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(GoldenRoutes.Plain)!["spec"], board["HTTPRoute", "checkout"]["spec"]));
    }

    private static void AddFormer(JsonArray parents, int of)
    {
        var former = parents[of]!.DeepClone();
        former["controllerName"] = "example.org/former";
        foreach (var condition in former["conditions"]!.AsArray())
            condition!["observedGeneration"] = 1;
        parents.Add(former);
    }

    private static JsonArray Conditions(RouteBoard board, int parent) => board["HTTPRoute", "checkout"]["status"]!["parents"]![parent]!["conditions"]!.AsArray();

    private static RouteBoard Written()
    {
        var board = new RouteBoard();
        board.Put(GoldenRoutes.Plain);
        board.Do(board.Look(Plan()).Write!);
        return board;
    }
}
