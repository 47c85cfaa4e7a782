using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class DatadogTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new() { Type = MetricProviderTypes.Datadog, Address = "", Reduce = PointReduction.Last };

    protected override string Query => "sum:checkout.errors{*} by {version}.as_count()";

    internal override ImmutableDictionary<string, string> Credentials { get; } =
        ImmutableDictionary<string, string>.Empty.Add("apiKey", "dd-api-key-4711").Add("applicationKey", "dd-application-key-0815");

    protected override (string File, double[] Values)[] Good => [("datadog/series.json", [6.5, 3])];

    protected override string[] WithoutNumber => ["datadog/empty.json", """{"status":"ok","series":[{"pointlist":[[1772366400000,null]]}]}""", """{"status":"ok","series":[{"pointlist":[[1772366400000,1e999]]}]}"""];

    protected override (string File, string Kind)[] Hidden => [("datadog/error.json", nameof(FaultKind.BadQuery))];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("GET", asked.Method);
        Assert.Equal("/api/v1/query?from=1772366400&to=1772366460&query=sum%3Acheckout.errors%7B%2A%7D%20by%20%7Bversion%7D.as_count%28%29", asked.Target);
        Assert.Equal("dd-api-key-4711", asked.Headers["dd-api-key"]);
        Assert.Equal("dd-application-key-0815", asked.Headers["dd-application-key"]);
    }

    [Theory]
    [InlineData(PointReduction.Last, 3)]
    [InlineData(PointReduction.Average, 2)]
    [InlineData(PointReduction.Sum, 6)]
    [InlineData(PointReduction.Min, 1)]
    [InlineData(PointReduction.Max, 3)]
    public async Task Points_StandForTheNumberThatIsAskedFor(PointReduction reduction, double expected)
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var question = Question();
        var answer = Assert.IsType<MetricAnswer.Values>(await Provider().AskAsync(question with { Provider = question.Provider with { Reduce = reduction } }, Cancellation));
        Assert.Equal(expected, answer.Found[1].Value);
        Assert.Equal("9b71", answer.Found[1].Labels["version"]);
    }

    [Fact]
    public async Task Points_WithoutReduction_AreOfAnotherShape()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var question = Question();
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(question with { Provider = question.Provider with { Reduce = null } }, Cancellation));
        Assert.Equal(FaultKind.WrongShape, fault.Kind);
        Assert.Contains("reduce", fault.Reason, StringComparison.Ordinal);
    }

    // A NaN that is left out of a sum or a maximum would make the rest look like all there is.
    [Theory]
    [InlineData(PointReduction.Average)]
    [InlineData(PointReduction.Sum)]
    [InlineData(PointReduction.Min)]
    [InlineData(PointReduction.Max)]
    public async Task Points_OneInfinite_GiveNothing(PointReduction reduction)
    {
        Server.Respond = RecordedServer.Say("""{"status":"ok","series":[{"pointlist":[[1772366400000,1]]},{"pointlist":[[1772366400000,-1e999],[1772366401000,1e999],[1772366420000,1]]}]}""");
        var question = Question();
        Assert.IsType<MetricAnswer.Nothing>(await Provider().AskAsync(question with { Provider = question.Provider with { Reduce = reduction } }, Cancellation));
    }

    [Fact]
    public async Task Points_OutsideTheTime_DoNotCount()
    {
        Server.Respond = RecordedServer.Say("""{"status":"ok","series":[{"pointlist":[[1772366399000,1],[1772366460000,2]]}]}""");
        Assert.Contains("between", Assert.IsType<MetricAnswer.Nothing>(await AskAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateLimit_TellsWhenItEnds()
    {
        Server.Respond = RecordedServer.Say("""{"errors":["Rate limit of 300 requests in 3600 seconds reached"]}""", 429, ("X-RateLimit-Reset", "57"));
        var fault = await FaultAsync();
        Assert.Equal(FaultKind.RateLimited, fault.Kind);
        Assert.Equal(TimeSpan.FromSeconds(57), fault.RetryAfter);
    }
}
