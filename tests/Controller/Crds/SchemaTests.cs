using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshCanary.Controller.Crds.Schemas;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Tests.Crds;

/// <summary>The schema and the binder know the same fields, defaults and forms.</summary>
public sealed partial class SchemaTests
{
    private const string Strange = "zzzzzzzzzzzzzzzzzzzzzz";

    public static TheoryData<string, string> Mappings() =>
    [
        .. Walk("spec", CanarySchema.Spec).Where(place => IsMapping(place.Schema)).Select(place => new TheoryDataRow<string, string>("Canary", place.Path)),
        .. Walk("spec", MetricTemplateSchema.Spec).Where(place => IsMapping(place.Schema)).Select(place => new TheoryDataRow<string, string>("MetricTemplate", place.Path)),
    ];

    // The binder itself tells what it knows when it meets what it does not know.
    [Theory]
    [MemberData(nameof(Mappings))]
    public void Schema_EveryMapping_HasTheFieldsThatTheBinderKnows(string kind, string path)
    {
        var root = kind == "Canary" ? CanarySchema.Spec : MetricTemplateSchema.Spec;
        var schema = Walk("spec", root).Single(place => place.Path == path).Schema;
        var spec = new JsonObject();
        // Its settings are looked at only with such a judge.
        if (path.StartsWith("spec.analysis.kayenta", StringComparison.Ordinal))
            spec["analysis"] = new JsonObject { ["judge"] = "kayenta-v2" };
        // The same with a source.
        if (path.StartsWith("spec.analysis.source", StringComparison.Ordinal))
            spec["analysis"] = new JsonObject { ["source"] = new JsonObject { ["type"] = "prometheus" } };
        Put(spec, path.Split('.').AsSpan(1), new JsonObject { [Strange] = 1 });
        var element = JsonSerializer.SerializeToElement(spec);
        var errors = kind == "Canary" ? CanaryManifestReader.ReadObject(element, "shop", "checkout").Errors : Errors(element);
        var told = Assert.Single(errors, error => error.Path == $"{path.Replace("[]", "[0]", StringComparison.Ordinal)}.{Strange}");
        Assert.Equal(schema.Properties.Select(field => field.Key).Order(StringComparer.Ordinal), KnownHere().Match(told.Remedy).Groups["names"].Value.Split(", ").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_EveryField_IsDescribed()
    {
        var places = new[] { CanarySchema.Whole, MetricTemplateSchema.Whole }.SelectMany(root => Walk("", root)).Where(place => place.Path is not "" and not ".metadata");
        Assert.All(places, place => Assert.True(place.Schema.Description.EndsWith('.') || place.Schema.Description.StartsWith(MeshCanary.Controller.Crds.ApiNames.Group, StringComparison.Ordinal) || place.Path.EndsWith(".kind", StringComparison.Ordinal), $"{place.Path}: '{place.Schema.Description}' is no sentence."));
    }

    [Fact]
    public void Schema_DocumentedFields_AreThere()
    {
        var documented = DocumentedFields(File.ReadAllText(Path.Combine(Root(), "docs", "canary.md")).Split("\n## Refused")[0]).ToList();
        Assert.True(documented.Count > 60, $"Only {documented.Count} fields were found in the tables.");
        var known = Walk("spec", CanarySchema.Spec).Select(place => place.Path.Replace("[]", "", StringComparison.Ordinal)).ToList();
        Assert.All(documented, field => Assert.Contains(known, path => path.EndsWith($".{field}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Defaults_Filled_ChangeNothingOfWhatIsRead()
    {
        foreach (var spec in Examples().SelectMany(Sparse))
        {
            var before = CanaryManifestReader.ReadObject(JsonSerializer.SerializeToElement(spec), "shop", "checkout");
            Assert.True(before.IsValid, $"{spec.ToJsonString()}: {string.Join('\n', before.Errors.Select(error => error.Said))}");
            var filled = spec.DeepClone();
            Fill(filled, CanarySchema.Spec);
            Assert.NotEqual(spec.ToJsonString(), filled.ToJsonString());
            var after = CanaryManifestReader.ReadObject(JsonSerializer.SerializeToElement(filled), "shop", "checkout");
            Assert.Equal(JsonSerializer.Serialize(before, MeshCanary.Controller.Api.ApiJson.Options), JsonSerializer.Serialize(after, MeshCanary.Controller.Api.ApiJson.Options));
        }
    }

    [Fact]
    public void Example_WithEveryField_NamesEveryFieldOfTheSchema()
    {
        var written = new HashSet<string>(Examples().SelectMany(example => Paths("spec", example)), StringComparer.Ordinal);
        string[] alternatives = ["spec.workload.healthPath", "spec.workload.healthCheck.grpc", "spec.workload.healthCheck.grpc.service", "spec.strategy.stickiness.header", "spec.gates[]", "spec.notifications[]", "spec.analysis.metrics[]"];
        var missing = Walk("spec", CanarySchema.Spec).Select(place => place.Path)
            .Where(path => !path.StartsWith("spec.strategy.match", StringComparison.Ordinal))
            // Only one router can have its parameters, only one type of provider its own, and a source has tests of its own.
            .Where(path => !path.StartsWith("spec.analysis.source", StringComparison.Ordinal) && !path.StartsWith("spec.analysis.metrics[].inline.provider.", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("spec.router.istio", StringComparison.Ordinal) && !path.StartsWith("spec.router.gatewayApi", StringComparison.Ordinal))
            .Except(written).Except(alternatives);
        Assert.Empty(missing);
    }

    // Kayenta's judge and comparisons by metrics of other sources exclude each other.
    private static IEnumerable<JsonObject> Examples() =>
        new[] { "full.json", "metrics.json" }.Select(file => JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "tests", "Controller", "Crds", file)))!.AsObject());

    // Every field alone, with what it cannot be without: defaults of its siblings come in then.
    private static IEnumerable<JsonObject> Sparse(JsonObject everything)
    {
        string[] needed = ["workload", "service", "strategy"];
        foreach (var (name, value) in everything)
        {
            var spec = new JsonObject(needed.Select(key => KeyValuePair.Create(key, everything[key]?.DeepClone())));
            spec[name] = value?.DeepClone();
            // The judge by Kayenta's rules asks for long steps.
            if (name == "analysis" || spec["analysis"] is null)
                yield return spec;
            if (value is not JsonObject fields || needed.Contains(name))
                continue;
            foreach (var (inner, innerValue) in fields.Where(field => field.Key is not "kayenta" and not "harm" and not "unit"))
            {
                var one = spec.DeepClone().AsObject();
                one[name] = new JsonObject { [inner] = innerValue?.DeepClone() };
                yield return one;
            }
        }
    }

    private static void Fill(JsonNode? node, FieldSchema schema)
    {
        if (node is JsonArray items && schema.Items is { } item)
        {
            foreach (var one in items)
                Fill(one, item);
        }

        if (node is not JsonObject mapping)
            return;
        foreach (var (name, field) in schema.Properties)
        {
            if (mapping[name] is null && field.Default is { } value)
                mapping[name] = value.DeepClone();
            Fill(mapping[name], field);
        }
    }

    private static IEnumerable<string> Paths(string path, JsonNode? node) => node switch
    {
        JsonObject mapping => mapping.SelectMany(field => Paths($"{path}.{field.Key}", field.Value)).Prepend(path),
        JsonArray list => list.SelectMany(item => Paths($"{path}[]", item)).Prepend(path),
        _ => [path],
    };

    private static IEnumerable<(string Path, FieldSchema Schema)> Walk(string path, FieldSchema schema) =>
    [
        (path, schema),
        .. schema.Properties.SelectMany(field => Walk($"{path}.{field.Key}", field.Value)),
        .. schema.Items is { } items ? Walk($"{path}[]", items) : [],
    ];

    private static bool IsMapping(FieldSchema schema) => schema.Properties.Length > 0;

    private static void Put(JsonObject at, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path.IsEmpty)
        {
            at[Strange] = 1;
            return;
        }

        var isList = path[0].EndsWith("[]", StringComparison.Ordinal);
        var name = isList ? path[0][..^2] : path[0];
        if (path.Length == 1)
        {
            if (!isList && at[name] is JsonObject there)
                there[Strange] = 1;
            else
                at[name] = isList ? new JsonArray(value) : value;
            return;
        }

        var inner = at[name] as JsonObject ?? [];
        if (at[name] is null)
            at[name] = isList ? new JsonArray(inner) : inner;
        Put(inner, path[1..], value);
    }

    private static ImmutableArray<ManifestError> Errors(JsonElement element)
    {
        MetricTemplateReader.ReadObject(element, out var errors);
        return errors;
    }

    /// <summary>The first column of every table of fields; a second name that begins with a point goes on from the first.</summary>
    private static IEnumerable<string> DocumentedFields(string page)
    {
        foreach (Match row in Row().Matches(page))
        {
            var first = "";
            foreach (var name in Code().Matches(row.Groups["cell"].Value).Select(match => match.Groups["name"].Value))
            {
                if (!name.StartsWith('.'))
                    first = name;
                var full = name.StartsWith('.') && first.Contains('.', StringComparison.Ordinal) ? first[..first.LastIndexOf('.')] + name : first;
                // What is refused, what is no field of spec, and what only the standalone server has.
                if (!full.StartsWith("apiVersion", StringComparison.Ordinal) && !full.StartsWith("metadata", StringComparison.Ordinal) && !full.StartsWith("stable.", StringComparison.Ordinal)
                    && full is not "stable" and not "CHANGES" && !full.Contains(':', StringComparison.Ordinal) && !full.Contains(' ', StringComparison.Ordinal) && !full.StartsWith("analysis.", StringComparison.Ordinal) && !full.StartsWith("workload.", StringComparison.Ordinal))
                    yield return full;
            }
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");

    [GeneratedRegex("known here: (?<names>.*)$")]
    private static partial Regex KnownHere();

    [GeneratedRegex(@"^\| (?<cell>`[a-z][^|]*) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
