using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds.Schemas;

namespace MeshCanary.Controller.Crds.Generating;

/// <summary>One CustomResourceDefinition. Immutable.</summary>
internal sealed record CrdDocument
{
    private static readonly PrinterColumn Age = new("Age", "date", ".metadata.creationTimestamp", "How long it exists.");

    public static CrdDocument Canary { get; } = new()
    {
        Kind = ApiNames.Canary,
        Plural = ApiNames.Canaries,
        ShortName = "can",
        Schema = CanarySchema.Whole,
        HasStatus = true,
        Columns =
        [
            new("Phase", "string", ".status.phase", "Where the rollout stands."),
            new("Weight", "string", ".status.weights.desired", "The new version's share of the traffic."),
            new("Step", "string", ".status.step", "The present step and how many there are."),
            new("Score", "integer", ".status.verdict.score", "0 is a proven regression, 100 proven harmless, 50 no evidence."),
            new("Waiting", "string", ".status.waitingFor.what", "What the rollout waits for."),
            new("Measured", "string", ".status.weights.measured", "The share that was counted.", 1),
            new("Stable", "string", ".status.stableRevision", "The revision that serves as stable.", 1),
            new("Canary", "string", ".status.canaryRevision", "The revision of the run.", 1),
            new("Until", "string", ".status.waitingFor.until", "Until when it waits at the longest.", 1),
            Age,
        ],
    };

    public static CrdDocument MetricTemplate { get; } = new()
    {
        Kind = ApiNames.MetricTemplate,
        Plural = ApiNames.MetricTemplates,
        Schema = MetricTemplateSchema.Whole,
        Columns =
        [
            new("Provider", "string", ".spec.provider.type", "Who is asked."),
            new("Address", "string", ".spec.provider.address", "Where it is.", 1),
            Age,
        ],
    };

    public static ImmutableArray<CrdDocument> All { get; } = [Canary, MetricTemplate];

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string? ShortName { get; init; }

    public required FieldSchema Schema { get; init; }

    public bool HasStatus { get; init; }

    public required ImmutableArray<PrinterColumn> Columns { get; init; }

    /// <summary>Name of the object, and of its file.</summary>
    public string Name => $"{Plural}.{ApiNames.Group}";

    public JsonObject ToJson() => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = Name },
        ["spec"] = new JsonObject
        {
            ["group"] = ApiNames.Group,
            ["names"] = Names(),
            ["scope"] = "Namespaced",
            ["versions"] = new JsonArray(Version()),
        },
    };

    private JsonObject Names()
    {
        var names = new JsonObject
        {
            ["kind"] = Kind,
            ["listKind"] = $"{Kind}List",
            ["plural"] = Plural,
            ["singular"] = Kind.ToLowerInvariant(),
            ["categories"] = new JsonArray("meshcanary"),
        };
        if (ShortName is not null)
            names["shortNames"] = new JsonArray(ShortName);
        return names;
    }

    private JsonObject Version()
    {
        var version = new JsonObject
        {
            ["name"] = ApiNames.Version,
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. Columns.Select(Column)]),
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = Schema.ToJson() },
        };
        if (HasStatus)
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        return version;
    }

    private static JsonNode Column(PrinterColumn column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.Path, ["description"] = column.Description };
        if (column.Priority > 0)
            json["priority"] = column.Priority;
        return json;
    }
}
