using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class WebTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new()
    {
        Type = MetricProviderTypes.Web,
        Address = "/v1",
        Web = new WebSpec { JsonPath = "$.versions[*].conversion" },
        Headers = ImmutableSortedDictionary<string, string>.Empty.Add("X-Scope-OrgID", "shop"),
    };

    protected override string Query => "/conversion?service=checkout";

    internal override ImmutableDictionary<string, string> Credentials { get; } =
        ImmutableDictionary<string, string>.Empty.Add("token", "bearer-token-42\n").Add("header.X-Team-Key", "team-key-7777");

    protected override bool NeedsCredentials => false;

    protected override (string File, double[] Values)[] Good => [("web/conversion.json", [0.031, 0.042])];

    protected override string[] WithoutNumber => ["web/null.json", "web/nan.json", "{}", """{"versions":[]}"""];

    [Fact]
    public async Task Request_IsAddressAndQuery()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("GET /v1/conversion?service=checkout", $"{asked.Method} {asked.Target}");
        Assert.Equal("Bearer bearer-token-42", asked.Headers["authorization"]);
        Assert.Equal("team-key-7777", asked.Headers["x-team-key"]);
        Assert.Equal("shop", asked.Headers["x-scope-orgid"]);
    }

    [Fact]
    public async Task Request_Posted_HasTheQueryAsItsBody()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await Provider().AskAsync(Posted() with { Query = """{"service":"checkout"}""" }, Cancellation);
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("""POST /v1 {"service":"checkout"}""", $"{asked.Method} {asked.Target} {asked.Body}");
        Assert.Equal("application/json", asked.Headers["content-type"]);
    }

    // What it does there is not known; of a request that only reads it does not matter.
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task Trouble_ThatMayPass_IsTriedAgainWhereItDoesNoHarm(bool isPost, int expected)
    {
        var calls = 0;
        Server.Respond = context => Interlocked.Increment(ref calls) == 1
            ? RecordedServer.Say("", 503)(context)
            : RecordedServer.Say(Recorded.Read(Good[0].File))(context);
        var answer = await Provider().AskAsync(isPost ? Posted() : Question(), Cancellation);
        Assert.Equal(expected, calls);
        Assert.Equal(isPost, answer is MetricAnswer.Fault);
    }

    [Theory]
    [InlineData("@evil.example/x")]
    [InlineData(".evil.example/x")]
    [InlineData(":81/x")]
    [InlineData("http://evil.example/")]
    [InlineData("//evil.example/#x")]
    public async Task Query_ThatWouldLeadElsewhere_IsNotAsked(string query)
    {
        var answer = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(Question() with { Query = query }, Cancellation));
        Assert.Equal(FaultKind.BadQuery, answer.Kind);
        Assert.Empty(Server.Requests);
    }

    [Theory]
    [InlineData("$.versions", "array")]
    [InlineData("$.versions[0]", "object")]
    [InlineData("$.service", "a text")]
    public async Task Path_ToNoNumber_IsOfAnotherShape(string path, string told)
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(With(path), Cancellation));
        Assert.Equal(FaultKind.WrongShape, fault.Kind);
        Assert.Contains(told, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_ThatIsNone_IsNotAsked()
    {
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(With("$.versions[?("), Cancellation));
        Assert.Equal(FaultKind.BadQuery, fault.Kind);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task Path_WithAFilter_FindsItsNumber()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var answer = Assert.IsType<MetricAnswer.Values>(await Provider().AskAsync(With("$.versions[?(@.name == '9b71')].conversion"), Cancellation));
        Assert.Equal(0.042, Assert.Single(answer.Found).Value);
        Assert.Empty(answer.Found[0].Labels);
    }

    [Fact]
    public async Task Numbers_WithReduction_AreOne()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var question = Question();
        var answer = Assert.IsType<MetricAnswer.Values>(await Provider().AskAsync(question with { Provider = question.Provider with { Reduce = PointReduction.Sum } }, Cancellation));
        Assert.Equal(0.073, Assert.Single(answer.Found).Value, 12);
    }

    [Fact]
    public async Task Secret_WithALineBreakInAHeader_IsRefused()
    {
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(Question() with { Credentials = Credentials.SetItem("token", "a\r\nX-Evil: 1") }, Cancellation));
        Assert.Equal(FaultKind.Refused, fault.Kind);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task Redirect_TellsWhere_WithoutItsQuery()
    {
        Server.Respond = RecordedServer.Say("", 302, ("Location", "https://login.example/start?ticket=4711"));
        var reason = (await FaultAsync()).Reason;
        Assert.Contains("https://login.example/start", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_OfIPv6_IsAsked()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var other = await RecordedServer.StartAsync(RecordedServer.Say(Recorded.Read(Good[0].File)), System.Net.IPAddress.IPv6Loopback);
        var question = Question();
        Assert.IsType<MetricAnswer.Values>(await Provider().AskAsync(question with { Provider = question.Provider with { Address = other.Address.ToString() } }, Cancellation));
        Assert.Contains("[::1]", other.Address.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithoutContent_IsNothing()
    {
        Server.Respond = RecordedServer.Say("", 204);
        Assert.IsType<MetricAnswer.Nothing>(await AskAsync());
    }

    private MetricQuestion Posted()
    {
        var question = Question();
        return question with { Provider = question.Provider with { Web = question.Provider.Web! with { IsPost = true } } };
    }

    private MetricQuestion With(string path)
    {
        var question = Question();
        return question with { Provider = question.Provider with { Web = question.Provider.Web! with { JsonPath = path } } };
    }
}
