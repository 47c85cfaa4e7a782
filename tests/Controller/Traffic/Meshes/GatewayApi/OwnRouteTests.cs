using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.GatewayApi;
using static MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi.RouteBoard;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>The route that is made for a Canary.</summary>
public sealed class OwnRouteTests
{
    private const string Own = "checkout-meshcanary";
    private const string AtGateway = """{ "parentRefs": [{ "name": "public", "namespace": "infra", "sectionName": "https" }], "hostnames": ["*.example.org"] }""";
    private const string AtService = """{ "parentRefs": [{ "kind": "Service", "name": "checkout", "port": 80 }], "kind": "GRPCRoute" }""";

    [Fact]
    public void Run_ParentIsAGateway_RouteIsMadeAndStaysForClientsAfterTheRelease()
    {
        var board = new RouteBoard(AtGateway);
        Assert.True(board.Run(Plan()).InForce);
        board.Run(Plan(2500, canary: "v2"));
        var route = board["HTTPRoute", Own];
        Assert.Equal(
            """{"parentRefs":[{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"public","namespace":"infra","sectionName":"https"}],"rules":[{"backendRefs":[{"kind":"Service","name":"checkout-mc-v1","port":80,"weight":7500},{"kind":"Service","name":"checkout-mc-v2","port":80,"weight":2500}],"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}],"hostnames":["*.example.org"]}""",
            route["spec"]!.ToJsonString());
        Assert.Equal("canary-uid", (string?)route["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal(2, board.Writes.Length);

        board.Run(Plan());
        Assert.True(board.Run(null).InForce);
        route = board["HTTPRoute", Own];
        Assert.Equal("checkout:1", Weights(route["spec"]!["rules"]![0]));
        Assert.Empty(route["metadata"]!["ownerReferences"]!.AsArray());
        Assert.False(route["metadata"]!["annotations"]!.AsObject().ContainsKey(KeptRoute.Annotation));
        // It is known again by who comes back.
        Assert.True(board.Run(Plan()).InForce);
        Assert.Equal("checkout-mc-v1:1", Weights(board["HTTPRoute", Own]["spec"]!["rules"]![0]));
    }

    [Fact]
    public void Run_ParentIsTheService_RouteGoesAtTheRelease()
    {
        var board = new RouteBoard(AtService);
        Assert.True(board.Run(Plan(100, canary: "v2")).InForce);
        Assert.Equal("checkout-mc-v1:9900 checkout-mc-v2:100", Weights(board["GRPCRoute", Own]["spec"]!["rules"]![0]));
        Assert.True(board.Run(null).InForce);
        Assert.False(board.Has("GRPCRoute", Own));
        Assert.IsType<MeshWrite.Delete>(board.Writes[^1]);
        // First it led to the Service again, and a controller took that.
        Assert.IsType<MeshWrite.Patch>(board.Writes[^2]);
    }

    [Fact]
    public void Next_SomebodyWroteIntoIt_IsRepairedAndTold()
    {
        var board = new RouteBoard(AtGateway);
        board.Run(Plan(100, canary: "v2"));
        board.Change("HTTPRoute", Own, body => body["spec"]!["rules"]![0]!["backendRefs"]![1]!["weight"] = 5000);
        Assert.Contains("written by somebody else", board.Look(Plan(100, canary: "v2")).Told, StringComparison.Ordinal);
        board.Run(Plan(100, canary: "v2"));
        Assert.Equal("checkout-mc-v1:9900 checkout-mc-v2:100", Weights(board["HTTPRoute", Own]["spec"]!["rules"]![0]));
    }

    [Fact]
    public void Next_ServerFilledInTheGroup_WritesNothing()
    {
        var board = new RouteBoard(AtGateway, """, "mirror": { "share": "10%" }""");
        board.Run(Plan(100, canary: "v2"));
        var writes = board.Writes.Length;
        board.Change("HTTPRoute", Own, body =>
        {
            body["spec"]!["rules"]![0]!["backendRefs"]![0]!["group"] = "";
            body["spec"]!["rules"]![0]!["filters"]![0]!["requestMirror"]!["backendRef"]!["group"] = "";
        });
        board.Report(name: Own);
        Assert.True(board.Run(Plan(100, canary: "v2")).InForce);
        Assert.Equal(writes, board.Writes.Length);
    }

    [Fact]
    public void Next_NameIsTakenOrPortUnclear_IsSaid()
    {
        var board = new RouteBoard(AtGateway) { Ports = [80, 90] };
        Assert.Contains("spec.service.ports to name one port", board.Look(Plan()).Waits, StringComparison.Ordinal);
        board.Ports = [80];
        board.Put(GoldenRoutes.Plain.Replace("\"name\": \"checkout\" }", $"\"name\": \"{Own}\" }}", StringComparison.Ordinal));
        Assert.Contains("somebody else made", board.Look(Plan()).Waits, StringComparison.Ordinal);
        Assert.Null(board.Look(Plan()).Write);
        Assert.True(board.Look(null).InForce);
    }

    [Fact]
    public void Run_UserNamesARouteInstead_TheOwnOneGoesWhenThatIsInForce()
    {
        var board = new RouteBoard("""{ "parentRefs": [{ "kind": "Service", "name": "checkout" }] }""");
        board.Run(Plan());
        board.Put(GoldenRoutes.Plain);
        board.Ask("""{ "routes": [{ "name": "checkout" }] }""");
        Assert.True(board.Run(Plan()).InForce);
        Assert.False(board.Has("HTTPRoute", Own));
    }

    [Fact]
    public void Run_MatchRulesAndCopies_AreThereToo()
    {
        var board = new RouteBoard(AtGateway, """, "match": [{ "method": { "exact": "PUT" } }], "mirror": { "share": "10%" }""");
        Assert.True(board.Run(Plan(100, canary: "v2")).InForce);
        var rules = board["HTTPRoute", Own]["spec"]!["rules"]!.AsArray();
        Assert.Equal("PUT", (string?)rules[0]!["matches"]![0]!["method"]);
        Assert.Equal(1000, (int)rules[1]!["filters"]![0]!["requestMirror"]!["fraction"]!["numerator"]!);
        board.Run(null);
        Assert.Equal("""[{"backendRefs":[{"kind":"Service","name":"checkout","port":80,"weight":1}],"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}]""", board["HTTPRoute", Own]["spec"]!["rules"]!.ToJsonString());
    }
}
