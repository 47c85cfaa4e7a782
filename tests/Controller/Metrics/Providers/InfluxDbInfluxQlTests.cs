using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class InfluxDbInfluxQlTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new()
    {
        Type = MetricProviderTypes.InfluxDb, Address = "", InfluxDb = new InfluxDbSpec { Language = InfluxLanguage.InfluxQl, Database = "shop" },
    };

    protected override string Query => "SELECT mean(errors) FROM checkout WHERE time >= 1772366400s AND time < 1772366460s GROUP BY version";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("username", "admin").Add("password", "influx-password");

    protected override bool NeedsCredentials => false;

    protected override (string File, double[] Values)[] Good => [("influxDb/influxql.json", [0.0125, 0.02])];

    protected override string[] WithoutNumber => ["influxDb/influxql-empty.json", """{"results":[{"series":[{"columns":["time","mean"],"values":[[0,null]]}]}]}"""];

    protected override (string File, string Kind)[] Hidden => [("influxDb/influxql-error.json", nameof(FaultKind.BadQuery)), ("influxDb/influxql-partial.json", nameof(FaultKind.WrongShape))];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var answer = Assert.IsType<MetricAnswer.Values>(await AskAsync());
        Assert.Equal("3f2a", answer.Found[0].Labels["version"]);
        var asked = Assert.Single(Server.Requests);
        Assert.StartsWith("/query?db=shop&q=SELECT%20mean", asked.Target, StringComparison.Ordinal);
        Assert.EndsWith("&epoch=ms", asked.Target, StringComparison.Ordinal);
        Assert.Equal("Basic YWRtaW46aW5mbHV4LXBhc3N3b3Jk", asked.Headers["authorization"]);
    }
}
