using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads a whole <c>Canary</c>.</summary>
internal static class ManifestBinder
{
    private const string Version = "meshcanary.io/v1alpha1";

    public static CanaryManifest? Bind(Value document, Platform platform, ErrorList errors)
    {
        var fields = FieldSet.Of(document, errors, $"apiVersion: {Version}, kind: Canary, metadata and spec");
        if (fields is null)
            return null;
        Exactly(fields, "apiVersion", Version, errors);
        Exactly(fields, "kind", "Canary", errors);
        var (name, space) = Metadata(fields.Required("metadata", "metadata: { name: checkout }"), errors);
        var spec = SpecBinder.Bind(fields.Required("spec", "spec: with workload, service and strategy"), platform, errors);
        // A manifest that was read back from a server has one.
        fields.Ignore("status");
        fields.Close();
        return name is null || spec is null ? null : new CanaryManifest { Name = name, Namespace = space, Spec = spec };
    }

    /// <summary>Whether a document says that it is a <c>MetricTemplate</c>.</summary>
    public static bool IsTemplate(Node document) =>
        document.Kind == NodeKind.Mapping && document.Entries.Any(entry => entry.Key.Text == "kind" && entry.Value.Text == "MetricTemplate");

    public static NamedMetricTemplate? BindTemplate(Value document, ErrorList errors)
    {
        var fields = FieldSet.Of(document, errors, $"apiVersion: {Version}, kind: MetricTemplate, metadata and spec");
        if (fields is null)
            return null;
        Exactly(fields, "apiVersion", Version, errors);
        fields.Ignore("kind", "status");
        var (name, space) = Metadata(fields.Required("metadata", "metadata: { name: orders }"), errors);
        var spec = MetricTemplateBinder.Bind(fields.Required("spec", "spec: with provider and query"), errors);
        fields.Close();
        return name is null || spec is null ? null : new NamedMetricTemplate(space, name, spec);
    }

    private static void Exactly(FieldSet fields, string name, string wanted, ErrorList errors)
    {
        var value = fields.Required(name, $"{name}: {wanted}");
        if (Scalars.Text(value, errors, wanted) is { } text && text != wanted)
            errors.Add(value!.Value, $"'{text}' is not supported", $"Write {wanted}");
    }

    private static (string? Name, string Namespace) Metadata(Value? metadata, ErrorList errors)
    {
        var fields = FieldSet.Of(metadata, errors, "metadata: { name: checkout }");
        if (fields is null)
            return (null, "");
        var name = Names.Subdomain(fields.Required("name", "name: checkout"), errors, "checkout");
        var space = Names.Label(fields.Optional("namespace"), errors, "shop") ?? "default";
        fields.Ignore("labels", "annotations", "generation", "uid", "resourceVersion", "creationTimestamp", "managedFields", "ownerReferences", "finalizers");
        fields.Close();
        return (name, space);
    }
}
