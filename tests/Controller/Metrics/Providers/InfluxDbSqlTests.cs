using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class InfluxDbSqlTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new()
    {
        Type = MetricProviderTypes.InfluxDb, Address = "", InfluxDb = new InfluxDbSpec { Language = InfluxLanguage.Sql, Database = "shop" },
    };

    protected override string Query => "SELECT version, avg(errors) AS mean FROM checkout GROUP BY version";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("token", "apiv3_token");

    protected override bool NeedsCredentials => false;

    protected override (string File, double[] Values)[] Good => [("influxDb/sql.json", [0.0125, 0.02])];

    protected override string[] WithoutNumber => ["[]", """[{"mean":null}]"""];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST /api/v3/query_sql", $"{asked.Method} {asked.Target}");
        Assert.Equal("Bearer apiv3_token", asked.Headers["authorization"]);
        Assert.Equal("shop", (string)Json(asked.Body)["db"]!);
        Assert.Equal("json", (string)Json(asked.Body)["format"]!);
    }
}
