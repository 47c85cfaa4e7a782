using System.Collections.Immutable;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshCanary.Controller.Crds.Statuses;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>Makes a schema of the types that a status is written from; their descriptions are attributes.</summary>
internal static class StatusSchema
{
    public static FieldSchema Of(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Aggregate(Forms.Mapping(Describe(type)), Add);

    private static FieldSchema Add(FieldSchema schema, PropertyInfo property)
    {
        var field = Field(property) with { Description = Describe(property) };
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        return property.IsDefined(typeof(RequiredMemberAttribute)) ? schema.Must(name, field) : schema.With(name, field);
    }

    private static FieldSchema Field(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
            return Forms.Text("");
        if (type.IsEnum)
            return Forms.OneOf("", Enum.GetNames(type));
        if (type == typeof(int) || type == typeof(long))
            return new FieldSchema { Type = "integer" }.Rule("format", type == typeof(int) ? "int32" : "int64");
        if (type == typeof(DateTimeOffset))
            return Forms.Text("").Rule("format", "date-time");
        if (type == typeof(ImmutableArray<CanaryCondition>))
            // One writer per type: two may own conditions of their own in one object.
            return Forms.ListOf(Of(typeof(CanaryCondition)), "").Rule("x-kubernetes-list-type", "map").Rule("x-kubernetes-list-map-keys", new System.Text.Json.Nodes.JsonArray("type"));
        return Of(type);
    }

    private static string Describe(MemberInfo member) => member.GetCustomAttribute<DescriptionAttribute>()?.Description
        ?? throw new InvalidOperationException($"{member.DeclaringType?.Name}.{member.Name} has no description for 'kubectl explain'.");
}
