using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class CloudWatchTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new() { Type = MetricProviderTypes.CloudWatch, Address = "", Reduce = PointReduction.Last, CloudWatch = new CloudWatchSpec { Region = "eu-west-1" } };

    protected override string Query => """
        [{"Id":"errors","MetricStat":{"Metric":{"Namespace":"AWS/ApplicationELB","MetricName":"HTTPCode_Target_5XX_Count"},"Period":60,"Stat":"Sum"}},
         {"Id":"requests","MetricStat":{"Metric":{"Namespace":"AWS/ApplicationELB","MetricName":"RequestCount"},"Period":60,"Stat":"Sum"}}]
        """;

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty
        .Add("accessKeyId", "AKIDEXAMPLE").Add("secretAccessKey", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").Add("sessionToken", "session-token-1");

    protected override (string File, double[] Values)[] Good => [("cloudWatch/results.json", [12, 4800])];

    protected override string[] WithoutNumber => ["cloudWatch/empty.json", """{"MetricDataResults":[]}"""];

    protected override (string File, string Kind)[] Hidden =>
    [
        ("cloudWatch/partial.json", nameof(FaultKind.WrongShape)), ("cloudWatch/paged.json", nameof(FaultKind.WrongShape)),
        ("cloudWatch/forbidden.json", nameof(FaultKind.Refused)), ("cloudWatch/internal.json", nameof(FaultKind.Unreachable)),
    ];

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST /", $"{asked.Method} {asked.Target}");
        Assert.Equal("GraniteServiceVersion20100801.GetMetricData", asked.Headers["x-amz-target"]);
        Assert.Equal("application/x-amz-json-1.0", asked.Headers["content-type"]);
        Assert.Equal("session-token-1", asked.Headers["x-amz-security-token"]);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-west-1/monitoring/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$", asked.Headers["authorization"]);
        var body = Json(asked.Body);
        Assert.Equal(1772366400, (long)body["StartTime"]!);
        Assert.Equal(1772366460, (long)body["EndTime"]!);
        Assert.Equal("requests", (string)body["MetricDataQueries"]![1]!["Id"]!);
    }

    [Fact]
    public async Task Query_AsAnExpression_HasAPeriod()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read("cloudWatch/empty.json"));
        await Provider().AskAsync(Question() with { Query = "SELECT SUM(errors) FROM shop" }, Cancellation);
        Assert.Equal("""[{"Id":"q1","Expression":"SELECT SUM(errors) FROM shop","Period":60}]""", Json(Server.Requests[0].Body)["MetricDataQueries"]!.ToJsonString());
    }

    // Half a period would be compared with a whole one.
    [Fact]
    public async Task Time_IsThatOfWholePeriods()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await Provider().AskAsync(Question() with { From = From.AddSeconds(25), To = To.AddSeconds(25) }, Cancellation);
        Assert.Equal(1772366400, (long)Json(Server.Requests[0].Body)["StartTime"]!);
        Assert.Equal(1772366460, (long)Json(Server.Requests[0].Body)["EndTime"]!);
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(Question() with { To = From.AddSeconds(30) }, Cancellation));
        Assert.Equal(FaultKind.BadQuery, fault.Kind);
    }

    [Theory]
    [InlineData("ThrottlingException", nameof(FaultKind.RateLimited))]
    [InlineData("AccessDeniedException", nameof(FaultKind.Refused))]
    [InlineData("UnrecognizedClientException", nameof(FaultKind.Refused))]
    [InlineData("ExpiredTokenException", nameof(FaultKind.Refused))]
    [InlineData("com.amazonaws.cloudwatch#InvalidParameterValueException", nameof(FaultKind.BadQuery))]
    public async Task Error_IsKnownByItsName(string name, string kind)
    {
        Server.Respond = RecordedServer.Say($$"""{"__type":"{{name}}","message":"see the documentation"}""", 400, ("Retry-After", "60"));
        Assert.Equal(kind, (await FaultAsync()).Kind.ToString());
    }

    [Theory]
    [InlineData("[{]")]
    [InlineData("[]")]
    [InlineData("[1]")]
    public async Task Query_ThatIsNoList_IsNotAsked(string query)
    {
        Assert.Equal(FaultKind.BadQuery, Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(Question() with { Query = query }, Cancellation)).Kind);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task OwnIdentity_IsShownToAmazonAlone()
    {
        var question = Question();
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider(new Somebody()).AskAsync(question with { Provider = question.Provider with { SecretName = null }, Credentials = ImmutableDictionary<string, string>.Empty }, Cancellation));
        Assert.Equal(FaultKind.Refused, fault.Kind);
        Assert.Empty(Server.Requests);
    }

    // get-vanilla of the test suite that Amazon published for Signature Version 4.
    [Fact]
    public void Signature_OfARequest_IsThatOfTheAlgorithm()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        AwsSignature.Add(message, [], new AwsKeys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null), "us-east-1", "service", new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            message.Headers.GetValues("Authorization").Single());
    }

    private sealed class Somebody : IAwsIdentity
    {
        public Task<AwsKeys?> FindAsync(CancellationToken cancellationToken) => Task.FromResult<AwsKeys?>(new AwsKeys("id", "secret", null));
    }
}
