using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>CloudWatch: <c>GetMetricData</c> in JSON, signed.</summary>
/// <param name="identity">Who the process is, for templates without a Secret.</param>
/// <param name="time">The clock for signatures.</param>
internal sealed class CloudWatchDialect(IAwsIdentity identity, TimeProvider time) : IProviderDialect
{
    private const string JsonType = "application/x-amz-json-1.0";
    private const string Name = "monitoring";

    /// <inheritdoc/>
    public string Type => MetricProviderTypes.CloudWatch;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question)
    {
        var (queries, span) = CloudWatchQuery.Read(question);
        var body = new JsonObject
        {
            ["StartTime"] = span.From.ToUnixTimeSeconds(),
            ["EndTime"] = span.To.ToUnixTimeSeconds(),
            ["ScanBy"] = "TimestampAscending",
            ["MetricDataQueries"] = queries,
        }.ToJsonString();
        return new ProviderRequest(HttpMethod.Post, Addresses.Below(question, "/"))
        {
            Headers = [new("X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData")],
            Body = body,
            ContentType = JsonType,
            Accept = JsonType,
            Classify = Classify,
            Sign = async (message, cancellationToken) =>
            {
                var keys = await KeysAsync(question, cancellationToken);
                AwsSignature.Add(message, Encoding.UTF8.GetBytes(body), keys, question.Provider.CloudWatch!.Region, Name, time.GetUtcNow());
            },
        };
    }

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var json = ReplyJson.Parse(reply);
        if (json.Text("NextToken").Length > 0)
            throw NoAnswerException.Shape("CloudWatch gives the answer in several pages, and a part of it is no answer. Make the query select and aggregate more");
        var results = json.At(JsonValueKind.Array, "MetricDataResults").EnumerateArray().ToList();
        foreach (var result in results)
            Check(result);
        // Periods begin where CloudWatch lets them begin, so the time that was asked for is the one that is looked at.
        var (_, span) = CloudWatchQuery.Read(question);
        return SeriesReading.Answer(question with { From = span.From, To = span.To }, [.. results.Select(Series)]);
    }

    private static MetricSeries Series(JsonElement result)
    {
        var times = result.At(JsonValueKind.Array, "Timestamps");
        var values = result.At(JsonValueKind.Array, "Values");
        if (times.GetArrayLength() != values.GetArrayLength())
            throw NoAnswerException.Shape("CloudWatch gives more times than values, or fewer");
        var labels = ImmutableDictionary<string, string>.Empty.Add("id", result.Text("Id"));
        if (result.Text("Label") is { Length: > 0 } label)
            labels = labels.Add("label", label);
        return new MetricSeries(labels, [.. times.EnumerateArray().Zip(values.EnumerateArray(), (at, value) => new MetricPoint(((at.Number("a time") ?? 0) * 1000).Milliseconds(), value.Number("a value")))]);
    }

    private static void Check(JsonElement result)
    {
        var messages = result.Find("Messages") is { ValueKind: JsonValueKind.Array } given ? string.Join("; ", given.EnumerateArray().Select(message => message.Text("Value"))) : "";
        switch (result.Text("StatusCode"))
        {
            case "Complete":
                return;
            case "Forbidden":
                throw NoAnswerException.Of(FaultKind.Refused, $"CloudWatch does not let us read {result.Text("Id")}: {messages}");
            case "InternalError":
                throw NoAnswerException.Of(FaultKind.Unreachable, $"CloudWatch is out of order for {result.Text("Id")}: {messages}");
            default:
                throw NoAnswerException.Shape($"CloudWatch gives {result.Text("Id")} with the status '{result.Text("StatusCode")}', which is no whole answer. {messages}");
        }
    }

    // By their names, since the status is 400 for all of them.
    private static FaultKind? Classify(string said) => said switch
    {
        _ when Has(said, "Throttling") || Has(said, "RequestLimitExceeded") => FaultKind.RateLimited,
        _ when Has(said, "AccessDenied") || Has(said, "UnrecognizedClient") || Has(said, "InvalidSignature") || Has(said, "ExpiredToken")
            || Has(said, "InvalidClientTokenId") || Has(said, "MissingAuthenticationToken") || Has(said, "IncompleteSignature") || Has(said, "NotAuthorized") => FaultKind.Refused,
        _ when Has(said, "RequestExpired") => FaultKind.Refused,
        _ => null,
    };

    private static bool Has(string said, string name) => said.Contains(name, StringComparison.Ordinal);

    private async Task<AwsKeys> KeysAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        if (question.Provider.SecretName is not null)
        {
            return new AwsKeys(
                HttpCredentials.Required(question, CredentialKeys.AccessKeyId),
                HttpCredentials.Required(question, CredentialKeys.SecretAccessKey),
                question.Credentials.TryGetValue(CredentialKeys.SessionToken, out var session) ? session.Trim() : null);
        }

        // The identity of the process is shown to Amazon alone, whatever address a template names.
        var host = new Uri(question.Provider.Address).Host;
        if (!host.EndsWith(".amazonaws.com", StringComparison.Ordinal) && !host.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal) && !host.EndsWith(".api.aws", StringComparison.Ordinal))
            throw NoAnswerException.Of(FaultKind.Refused, $"{host} is not Amazon's, and is not shown the controller's own identity. Name a Secret in secretRef");
        return await identity.FindAsync(cancellationToken)
            ?? throw NoAnswerException.Of(FaultKind.Refused, "the controller has no identity at Amazon. Give its service account a role, or name a Secret in secretRef");
    }
}
