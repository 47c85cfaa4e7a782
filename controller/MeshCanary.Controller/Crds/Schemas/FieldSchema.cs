using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>What the API server knows of one field: a structural schema with a description. Immutable.</summary>
internal sealed record FieldSchema
{
    /// <summary>Its type; null where several are allowed.</summary>
    public string? Type { get; init; }

    /// <summary>What <c>kubectl explain</c> says.</summary>
    public string Description { get; init; } = "";

    /// <summary>The fields of an object, in the order in which they are shown.</summary>
    public ImmutableArray<KeyValuePair<string, FieldSchema>> Properties { get; init; } = [];

    /// <summary>Names of the fields that have to be there.</summary>
    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>What a list holds.</summary>
    public FieldSchema? Items { get; init; }

    /// <summary>What a mapping with names of the user's choice holds.</summary>
    public FieldSchema? Values { get; init; }

    /// <summary>What is written when nothing is.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Everything else, by its name in OpenAPI: limits, patterns, lists' kinds.</summary>
    public ImmutableSortedDictionary<string, JsonNode> Rules { get; init; } = ImmutableSortedDictionary.Create<string, JsonNode>(StringComparer.Ordinal);

    /// <summary>The same with a field more.</summary>
    public FieldSchema With(string name, FieldSchema field) => this with { Properties = Properties.Add(new(name, field)) };

    /// <summary>The same with a field more, that has to be there.</summary>
    public FieldSchema Must(string name, FieldSchema field) => With(name, field) with { Required = Required.Add(name) };

    /// <summary>The same with a rule more.</summary>
    public FieldSchema Rule(string name, JsonNode value) => this with { Rules = Rules.SetItem(name, value) };

    /// <summary>The same with a value that is taken when nothing is written.</summary>
    public FieldSchema Or(JsonNode value) => this with { Default = value };

    /// <summary>The schema as OpenAPI has it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Type is not null)
            json["type"] = Type;
        if (Description.Length > 0)
            json["description"] = Description;
        if (Default is not null)
            json["default"] = Default.DeepClone();
        foreach (var (name, value) in Rules)
            json[name] = value.DeepClone();
        if (Required.Length > 0)
            json["required"] = new JsonArray([.. Required.Select(name => (JsonNode)name)]);
        if (Items is not null)
            json["items"] = Items.ToJson();
        if (Values is not null)
            json["additionalProperties"] = Values.ToJson();
        if (Properties.Length > 0)
            json["properties"] = new JsonObject(Properties.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToJson())));
        return json;
    }
}
