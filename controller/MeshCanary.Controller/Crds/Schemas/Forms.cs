using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>
/// The forms in which values are written. A pattern here is a net below the binder, which says in words what is wrong: what the
/// binder takes must pass, the rest need not be caught.
/// </summary>
internal static class Forms
{
    private const string AnyType = "x-kubernetes-preserve-unknown-fields";

    public static FieldSchema Mapping(string description) => new() { Type = "object", Description = description };

    public static FieldSchema MapOf(FieldSchema values, string description) => new() { Type = "object", Description = description, Values = values };

    /// <summary>A list that is replaced as a whole.</summary>
    public static FieldSchema ListOf(FieldSchema items, string description) =>
        new FieldSchema { Type = "array", Description = description, Items = items }.Rule("x-kubernetes-list-type", "atomic");

    public static FieldSchema Text(string description) => new() { Type = "string", Description = description };

    public static FieldSchema Flag(string description) => new() { Type = "boolean", Description = description };

    public static FieldSchema OneOf(string description, params IEnumerable<string> words) =>
        Text(description).Rule("enum", new JsonArray([.. words.Select(word => (JsonNode)word)]));

    public static FieldSchema Whole(string description, long least, long most) =>
        new FieldSchema { Type = "integer", Description = description }.Rule("format", "int64").Rule("minimum", least).Rule("maximum", most);

    public static FieldSchema Number(string description, double least, double most) =>
        new FieldSchema { Type = "number", Description = description }.Rule("minimum", least).Rule("maximum", most);

    public static FieldSchema Rate(string description) => Number(description, 0.000001, 0.5);

    public static FieldSchema Duration(string description) => Text(description).Rule("pattern", @"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$");

    public static FieldSchema Percent(string description) => Text(description).Rule("pattern", @"^[0-9]+(\.[0-9]+)?%$");

    public static FieldSchema Size(string description) => Text(description).Rule("pattern", "^[0-9]+(B|KiB|MiB)$");

    public static FieldSchema Path(string description) => Text(description).Rule("pattern", "^/[^?# ]*$");

    public static FieldSchema File(string description) => Text(description).Rule("pattern", "^/");

    /// <summary>The name of a header or cookie.</summary>
    public static FieldSchema Token(string description) => Text(description).Rule("pattern", "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$").Rule("maxLength", 128);

    public static FieldSchema Label(string description) => Text(description).Rule("pattern", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$").Rule("maxLength", 63);

    public static FieldSchema Subdomain(string description) =>
        Text(description).Rule("pattern", @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$").Rule("maxLength", 253);

    public static FieldSchema IntOrString(string description) => new FieldSchema { Description = description }.Rule("x-kubernetes-int-or-string", true);

    /// <summary>A value for which a structural schema has no type, such as "12.5 or '12.5%'" and "a word or a mapping".</summary>
    public static FieldSchema Anything(string description) => new FieldSchema { Description = description }.Rule(AnyType, true);

    /// <summary>A field of a later version. An empty list says the same as none.</summary>
    public static FieldSchema NotYet(string what) => ListOf(Anything("Not supported by this version."), what).Rule("maxItems", 0);
}
