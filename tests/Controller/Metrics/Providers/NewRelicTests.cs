using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class NewRelicTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new() { Type = MetricProviderTypes.NewRelic, Address = "", Reduce = PointReduction.Max, NewRelic = new NewRelicSpec { Account = 1234567 } };

    protected override string Query => "SELECT average(duration) FROM Transaction WHERE name = 'since we met' FACET version";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("apiKey", "NRAK-ABCDEFGH");

    protected override (string File, double[] Values)[] Good => [("newRelic/facets.json", [0.1875, 0.25]), ("newRelic/percentile.json", [0.42]), ("newRelic/timeseries.json", [9])];

    protected override string[] WithoutNumber => ["newRelic/empty.json", "newRelic/null.json"];

    protected override (string File, string Kind)[] Hidden =>
    [
        ("newRelic/error.json", nameof(FaultKind.BadQuery)), ("newRelic/timeout.json", nameof(FaultKind.Timeout)),
        ("newRelic/partial.json", nameof(FaultKind.Unreachable)), ("newRelic/denied.json", nameof(FaultKind.Refused)),
    ];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Equal("/graphql", asked.Target);
        Assert.Equal("NRAK-ABCDEFGH", asked.Headers["api-key"]);
        var variables = Json(asked.Body)["variables"]!;
        Assert.Equal(1234567, (int)variables["account"]!);
        // The word in the text is none of the query.
        Assert.Equal($"{Query} SINCE 1772366400000 UNTIL 1772366460000", (string)variables["nrql"]!);
    }

    [Fact]
    public async Task Query_WithATimeOfItsOwn_StaysAsItIs()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await Provider().AskAsync(Question() with { Query = "SELECT count(*) FROM Transaction since 5 minutes ago" }, Cancellation);
        Assert.Equal("SELECT count(*) FROM Transaction since 5 minutes ago", (string)Json(Server.Requests[0].Body)["variables"]!["nrql"]!);
    }

    [Fact]
    public async Task Rows_WithSeveralNumbers_AskWhichIsMeant()
    {
        Server.Respond = RecordedServer.Say("""{"data":{"actor":{"account":{"nrql":{"results":[{"count":3,"sum.errors":1}]}}}}}""");
        Assert.Contains("count, sum.errors", (await FaultAsync()).Reason, StringComparison.Ordinal);
        var question = Question();
        var named = question with { Provider = question.Provider with { NewRelic = question.Provider.NewRelic! with { Field = "sum.errors" } } };
        Assert.Equal(1, Assert.IsType<MetricAnswer.Values>(await Provider().AskAsync(named, Cancellation)).Found[0].Value);
    }
}
