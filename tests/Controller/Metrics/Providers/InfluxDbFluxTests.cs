using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class InfluxDbFluxTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new()
    {
        Type = MetricProviderTypes.InfluxDb, Address = "", Reduce = PointReduction.Sum, InfluxDb = new InfluxDbSpec { Organization = "my shop" },
    };

    protected override string Query => "from(bucket: \"shop\") |> range(start: 2026-03-01T12:00:00Z, stop: 2026-03-01T12:01:00Z) |> mean()";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("token", "influx-token==");

    protected override bool NeedsCredentials => false;

    protected override (string File, double[] Values)[] Good => [("influxDb/flux.csv", [0.0125, 0.02]), ("influxDb/flux-tables.csv", [10, 11])];

    protected override string[] WithoutNumber => ["\r\n", "influxDb/flux-null.csv", "influxDb/flux-nan.csv"];

    protected override (string File, string Kind)[] Hidden => [("influxDb/flux-error.csv", nameof(FaultKind.BadQuery)), ("influxDb/flux-text.csv", nameof(FaultKind.WrongShape))];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var answer = Assert.IsType<MetricAnswer.Values>(await AskAsync());
        Assert.Equal("9b71, \"hot\"", answer.Found[1].Labels["version"]);
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST /api/v2/query?org=my%20shop", $"{asked.Method} {asked.Target}");
        Assert.Equal("Token influx-token==", asked.Headers["authorization"]);
        Assert.Equal("application/csv", asked.Headers["accept"]);
        Assert.Equal(Query, (string)Json(asked.Body)["query"]!);
    }

    [Theory]
    [InlineData("#datatype,string,long,double\n#group,false,false,false\n#default,_result,,\n,result,table,_value\n,,0,\"12")]
    [InlineData("#datatype,string,long,double\n#group,false,false,false\n#default,_result,,\n,result,table,_value\n,,0\n")]
    [InlineData("#datatype,string,long,double\n#group,false,false,false\n#default,_result,,\n,result,table,_value\n,,0,12x\n")]
    [InlineData("#datatype,string,long,double\n#group,false,false,false\n#default,_result,,\n,result,table,count\n,,0,12\n")]
    [InlineData(",result,table,_value\n,,0,12\n")]
    public async Task Csv_ThatIsNotAsDocumented_IsOfAnotherShape(string csv)
    {
        Server.Respond = RecordedServer.Say(csv);
        Assert.Equal(FaultKind.WrongShape, (await FaultAsync()).Kind);
    }
}
