using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Jobs;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using YamlDotNet.Serialization;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>Every example is accepted, can be asked as it stands, and is the one that its page shows.</summary>
public sealed partial class ExampleTests
{
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["datadog"] = "datadog/series.json",
        ["cloudwatch"] = "cloudWatch/results.json",
        ["newrelic"] = "newRelic/percentile.json",
        ["graphite"] = "graphite/render.json",
        ["influxdb"] = "influxDb/flux.csv",
        ["dynatrace"] = "dynatrace/query.json",
        ["web"] = "web/single.json",
        ["prometheus"] = "prometheus/vector.json",
    };

    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["namespace"] = "shop", ["service"] = "checkout", ["revision"] = "3f2a", ["arm"] = "canary",
        ["podRegex"] = "checkout-3f2a-.*", ["interval"] = "60s",
        ["from"] = "2026-03-01T12:00:00.000Z", ["to"] = "2026-03-01T12:01:00.000Z", ["fromUnix"] = "1772366400", ["toUnix"] = "1772366460",
    };

    private static readonly string Root = Path.Combine(Recorded.Folder(), "..", "..", "..", "..");

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Path.Combine(Root, "examples", "metric-templates"), "*.yaml").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Example_IsAcceptedAndAnswered(string name)
    {
        var (spec, secret) = Read(name);
        var query = Variable().Replace(spec.Query, match => Variables[match.Groups["name"].Value]);
        var question = new MetricQuestion
        {
            Provider = spec.Provider,
            Namespace = "shop",
            Query = query,
            From = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 3, 1, 12, 1, 0, TimeSpan.Zero),
            Timeout = TimeSpan.FromSeconds(20),
            Credentials = secret,
        };
        if (spec.Provider.Type == MetricProviderTypes.Job)
        {
            Assert.NotNull(MetricJob.Of(question)["spec"]!["template"]);
            return;
        }

        await using var server = await RecordedServer.StartAsync(RecordedServer.Say(Recorded.Read(Answers[name])));
        using var http = new ProviderHttp(TimeProvider.System);
        using var prometheus = new PrometheusClient(TimeProvider.System);
        var provider = MetricProviders.Standalone(http, prometheus, new OwnAwsIdentity(), TimeProvider.System)[spec.Provider.Type];
        var address = server.Address.ToString().TrimEnd('/') + new Uri(spec.Provider.Address).AbsolutePath.TrimEnd('/');
        var answer = await provider.AskAsync(question with { Provider = spec.Provider with { Address = address } }, TestContext.Current.CancellationToken);
        Assert.IsType<MetricAnswer.Values>(answer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_ShowsTheExample(string name) => Assert.Contains(
        File.ReadAllText(Path.Combine(Root, "examples", "metric-templates", $"{name}.yaml")),
        File.ReadAllText(Path.Combine(Root, "docs", "providers", $"{name}.md")),
        StringComparison.Ordinal);

    [Fact]
    public void Providers_AllHaveAnExample() => Assert.Equal(
        MetricProviderTypes.All.Order(StringComparer.Ordinal),
        Names().Select(name => Read(name.Data).Spec.Provider.Type).Order(StringComparer.Ordinal));

    private static (MetricTemplateSpec Spec, ImmutableDictionary<string, string> Secret) Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Root, "examples", "metric-templates", $"{name}.yaml"));
        var documents = text.Split("\n---\n").Select(Json).ToList();
        var spec = MetricTemplateReader.ReadObject(documents[0].GetProperty("spec"), out var errors);
        Assert.True(spec is not null, string.Join('\n', errors.Select(error => error.Said)));
        var secret = documents.Skip(1).Select(document => document.GetProperty("stringData")).SelectMany(data => data.EnumerateObject())
            .ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);
        if (spec!.Provider.SecretName is { } named)
            Assert.Equal(named, documents[1].GetProperty("metadata").GetProperty("name").GetString());
        return (spec, secret);
    }

    private static JsonElement Json(string yaml)
    {
        var read = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml));
        return JsonSerializer.SerializeToElement(JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(read)));
    }

    [GeneratedRegex(@"\{\{ (?<name>[a-zA-Z]+) \}\}")]
    private static partial Regex Variable();
}
