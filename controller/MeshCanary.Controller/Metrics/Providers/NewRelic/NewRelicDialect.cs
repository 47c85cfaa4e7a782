using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.NewRelic;

/// <summary>New Relic: NRQL through NerdGraph, <c>POST /graphql</c>.</summary>
internal sealed partial class NewRelicDialect : IProviderDialect
{
    private const string Document = "query($account: Int!, $nrql: Nrql!, $timeout: Seconds) { actor { account(id: $account) { nrql(query: $nrql, timeout: $timeout) { results } } } }";

    private static readonly ImmutableHashSet<string> NoValues = ["beginTimeSeconds", "endTimeSeconds", "inspectedCount", "timestamp"];

    /// <inheritdoc/>
    public string Type => MetricProviderTypes.NewRelic;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question) => new(HttpMethod.Post, Addresses.Below(question, "/graphql"))
    {
        Headers = [new("API-Key", HttpCredentials.Required(question, CredentialKeys.ApiKey))],
        Body = new JsonObject
        {
            ["query"] = Document,
            ["variables"] = new JsonObject
            {
                ["account"] = question.Provider.NewRelic!.Account,
                ["nrql"] = Bounded(question),
                ["timeout"] = Math.Max(1, (int)question.Timeout.TotalSeconds),
            },
        }.ToJsonString(),
    };

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var json = ReplyJson.Parse(reply);
        // GraphQL says its errors with status 200, and may give data beside them: a part of an answer is none.
        if (json.Find("errors") is { } errors)
            throw Failure(errors);
        var results = json.At(JsonValueKind.Array, "data", "actor", "account", "nrql", "results");
        var reading = new RowReading(question.Provider.NewRelic!.Field, "newRelic.field", NoValues, Begin);
        return SeriesReading.Answer(question, reading.Series(results));
    }

    // A query without a time of its own is about the question's.
    private static string Bounded(MetricQuestion question) => OwnTime().IsMatch(Quoted().Replace(question.Query, ""))
        ? question.Query
        : $"{question.Query.TrimEnd()} SINCE {Addresses.Milliseconds(question.From)} UNTIL {Addresses.Milliseconds(question.To)}";

    private static DateTimeOffset? Begin(JsonElement row) =>
        row.Find("beginTimeSeconds") is { ValueKind: JsonValueKind.Number } begin ? (begin.GetDouble() * 1000).Milliseconds() : null;

    private static NoAnswerException Failure(JsonElement errors)
    {
        var first = errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 ? errors[0] : errors;
        var name = first.Text("extensions", "errorClass").ToUpperInvariant();
        var kind = name switch
        {
            _ when name.Contains("TIMEOUT", StringComparison.Ordinal) => FaultKind.Timeout,
            _ when name.Contains("TOO_MANY", StringComparison.Ordinal) || name.Contains("LIMIT", StringComparison.Ordinal) => FaultKind.RateLimited,
            _ when name.Contains("ACCESS", StringComparison.Ordinal) || name.Contains("AUTH", StringComparison.Ordinal) || name.Contains("FORBIDDEN", StringComparison.Ordinal) => FaultKind.Refused,
            "SERVER_ERROR" => FaultKind.Unreachable,
            _ => FaultKind.BadQuery,
        };
        return NoAnswerException.Of(kind, $"New Relic answers with an error{(name.Length == 0 ? "" : $" ({name})")}: {first.Text("message")}");
    }

    [GeneratedRegex(@"\b(since|until)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OwnTime();

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'|`[^`]*`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
