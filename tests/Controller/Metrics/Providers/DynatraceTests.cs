using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class DynatraceTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new() { Type = MetricProviderTypes.Dynatrace, Address = "/e/abc" };

    protected override string Query => "builtin:service.errors.total.rate:avg";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("token", "dt0c01.ABCDEF.GHIJKL");

    protected override (string File, double[] Values)[] Good => [("dynatrace/query.json", [1.25, 0.75])];

    protected override string[] WithoutNumber => ["dynatrace/empty.json", "dynatrace/null.json"];

    protected override (string File, string Kind)[] Hidden => [("dynatrace/paged.json", nameof(FaultKind.WrongShape)), ("dynatrace/left-out.json", nameof(FaultKind.WrongShape))];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("GET", asked.Method);
        Assert.Equal("/e/abc/api/v2/metrics/query?metricSelector=builtin%3Aservice.errors.total.rate%3Aavg&from=1772366400000&to=1772366460000&resolution=Inf&pageSize=1000", asked.Target);
        Assert.Equal("Api-Token dt0c01.ABCDEF.GHIJKL", asked.Headers["authorization"]);
    }
}
