using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class GraphiteTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new() { Type = MetricProviderTypes.Graphite, Address = "/graphite", Reduce = PointReduction.Max };

    protected override string Query => "aliasByNode(checkout.*.errors, 1)";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("username", "admin").Add("password", "graphite-password");

    protected override bool NeedsCredentials => false;

    protected override (string File, double[] Values)[] Good => [("graphite/render.json", [5.5, 2])];

    protected override string[] WithoutNumber => ["[]", "graphite/gaps.json", "graphite/infinite.json"];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Equal("/graphite/render", asked.Target);
        Assert.Equal("target=aliasByNode%28checkout.%2A.errors%2C%201%29&from=1772366399&until=1772366459&format=json", asked.Body);
        Assert.Equal("Basic YWRtaW46Z3JhcGhpdGUtcGFzc3dvcmQ=", asked.Headers["authorization"]);
        Assert.Equal("application/x-www-form-urlencoded", asked.Headers["content-type"]);
    }
}
