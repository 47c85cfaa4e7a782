using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Values;

public sealed partial class ValueSchemaTests
{
    // Read by the path of each value; a value whose schema is open is a value as a whole.
    private static readonly IReadOnlyDictionary<string, JsonNode> Schema = Leaves(JsonNode.Parse(Repository.Read("charts", "meshcanary", "values.schema.json"))!, "")
        .ToDictionary(leaf => leaf.Path, leaf => leaf.Node, StringComparer.Ordinal);

    [Theory]
    [InlineData("replcas=3", "replcas")]
    [InlineData("image.repo=x", "repo")]
    [InlineData("replicas=0", "/replicas", "minimum")]
    [InlineData("replicas=three", "/replicas", "integer")]
    [InlineData("logLevel=loud", "/logLevel", "information")]
    [InlineData("namespaces={Shop}", "/namespaces/0", "Shop")]
    [InlineData("webhooks.timeout=30", "/webhooks", "timeout")]
    [InlineData("image.digest=sha256:1", "/image/digest")]
    [InlineData("ports.api=80", "/ports/api", "minimum")]
    [InlineData("uninstall.timeout=soon", "/uninstall/timeout", "soon")]
    [InlineData("monitoring.serviceMonitor.interval=30", "/monitoring/serviceMonitor/interval")]
    public async Task Values_ThatAreWrong_AreRefusedByTheirPath(string value, params string[] says)
    {
        var run = await Helm.TemplateAsync("--set", value);
        Assert.NotEqual(0, run.Code);
        Assert.Equal("", run.Out);
        Assert.All(says, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Account_NotMadeAndNotNamed_IsAskedFor()
    {
        var run = await Helm.TemplateAsync("--set", "serviceAccount.create=false");
        Assert.NotEqual(0, run.Code);
        Assert.Contains("serviceAccount.name is needed when serviceAccount.create is false", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_EveryValue_IsDescribed() => Assert.All(Schema, leaf =>
    {
        Assert.EndsWith(".", (string?)leaf.Value["description"] ?? "", StringComparison.Ordinal);
        Assert.NotNull(leaf.Value["type"]);
    });

    [Fact]
    public void Schema_EveryObject_IsClosed()
    {
        var root = JsonNode.Parse(Repository.Read("charts", "meshcanary", "values.schema.json"))!;
        Assert.All(Objects(root), node => Assert.False((bool?)node["additionalProperties"] ?? true, $"{node["description"]} takes any value."));
    }

    [Fact]
    public void Defaults_AndSchema_HaveTheSameValues()
    {
        var defaults = Assert.Single(Yaml.Documents(Repository.Read("charts", "meshcanary", "values.yaml")));
        var written = Schema.Keys.Where(path => path != "global").ToArray();
        Assert.All(written, path => Assert.True(Has(defaults, path), $"values.yaml has no {path}."));
        Assert.All(Paths(defaults, ""), path => Assert.Contains(written, known => path == known || path.StartsWith(known + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void Readme_ListsEveryValueWithItsDescription()
    {
        var rows = Row().Matches(Repository.Read("charts", "meshcanary", "README.md"))
            .ToDictionary(match => match.Groups["path"].Value, match => match.Groups["text"].Value, StringComparer.Ordinal);
        Assert.Equal(Schema.Keys.Where(path => path != "global").Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.StartsWith((string)Schema[row.Key]["description"]!, row.Value, StringComparison.Ordinal));
    }

    private static IEnumerable<JsonNode> Objects(JsonNode node)
    {
        if (node["properties"] is not JsonObject properties)
            return [];
        return properties.SelectMany(property => Objects(property.Value!)).Prepend(node);
    }

    private static IEnumerable<(string Path, JsonNode Node)> Leaves(JsonNode node, string path)
    {
        if (node["properties"] is not JsonObject properties)
            return [(path, node)];
        return properties.SelectMany(property => Leaves(property.Value!, path.Length == 0 ? property.Key : $"{path}.{property.Key}"));
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node is JsonObject { Count: > 0 } map
        ? map.SelectMany(pair => Paths(pair.Value, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}"))
        : [path];

    private static bool Has(JsonNode node, string path)
    {
        JsonNode? at = node;
        foreach (var name in path.Split('.'))
        {
            if (at is not JsonObject map || !map.TryGetPropertyValue(name, out at))
                return false;
        }

        return true;
    }

    [GeneratedRegex(@"^\| `(?<path>[A-Za-z.]+)` \| [^|]* \| (?<text>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
