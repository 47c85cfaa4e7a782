using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Rollouts.Specs.Parsing.Json;
using MeshCanary.Rollouts.Specs.Parsing.Binding;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;
using YamlDotNet.Core;

namespace MeshCanary.Rollouts.Specs.Parsing;

/// <summary>Reads <c>Canary</c> objects, and the <c>MetricTemplate</c> objects beside them, from YAML and finds every fault at once.</summary>
public static class CanaryManifestReader
{
    private const int MostCharacters = 1 << 20;

    /// <summary>Reads all documents of a file.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="fileName">Its name, for the errors.</param>
    /// <param name="platform">Where they are meant to be in force.</param>
    public static ManifestReadResult Read(string yaml, string fileName, Platform platform = Platform.Standalone)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(fileName);
        var errors = new ErrorList(fileName);
        if (yaml.Length > MostCharacters)
        {
            errors.Add("", 1, 1, $"the file has {yaml.Length} characters; at most {MostCharacters} are read", "Split it");
            return new ManifestReadResult([], errors.InOrder());
        }

        var documents = ReadDocuments(yaml, errors);
        var templates = new Dictionary<string, NamedMetricTemplate>(StringComparer.Ordinal);
        var manifests = Bind(documents, platform, templates, errors);
        if (documents.Count == 0 && errors.Count == 0)
            errors.Add("", 1, 1, "the file holds no Canary", "Write a document with apiVersion: meshcanary.io/v1alpha1 and kind: Canary");
        return new ManifestReadResult(manifests, errors.InOrder()) { Templates = [.. templates.Values] };
    }

    /// <summary>Reads the spec of an object as the API server gives it; the same grammar, with the same paths and words in its errors.</summary>
    /// <param name="spec">The object's <c>spec</c>.</param>
    /// <param name="namespace">The object's namespace.</param>
    /// <param name="name">The object's name.</param>
    /// <returns>The Canary, or every fault. Faults have no line: <see cref="ManifestError.Said"/> is how they are told.</returns>
    public static ManifestReadResult ReadObject(JsonElement? spec, string @namespace, string name)
    {
        var errors = new ErrorList("");
        Value? at = spec is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } given ? new Value(JsonNodeReader.Read(given), "spec") : null;
        if (at is null)
            errors.Add("spec", 0, 0, "is missing", "Write spec: with workload, service and strategy");
        return SpecBinder.Bind(at, Platform.Kubernetes, errors) is { } bound && errors.Count == 0
            ? new ManifestReadResult([new CanaryManifest { Namespace = @namespace, Name = name, Spec = bound }], [])
            : new ManifestReadResult([], errors.InOrder());
    }

    private static List<Node> ReadDocuments(string yaml, ErrorList errors)
    {
        var documents = new List<Node>();
        try
        {
            NodeReader.Read(yaml, documents);
        }
        catch (YamlException fault)
        {
            errors.Add("", Math.Max(1, (int)fault.Start.Line), Math.Max(1, (int)fault.Start.Column), $"is not readable as YAML: {fault.Message.TrimEnd('.')}", "Mend the syntax; mind the indentation, and quote values that hold ': ' or '#'");
        }

        documents.RemoveAll(document => document.IsNull);
        return documents;
    }

    private static ImmutableArray<CanaryManifest> Bind(List<Node> documents, Platform platform, Dictionary<string, NamedMetricTemplate> templates, ErrorList errors)
    {
        var manifests = new Dictionary<string, CanaryManifest>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var before = errors.Count;
            if (ManifestBinder.IsTemplate(document))
            {
                if (ManifestBinder.BindTemplate(new Value(document, ""), errors) is { } template && errors.Count == before && !templates.TryAdd($"{template.Namespace}/{template.Name}", template))
                    errors.Add("metadata.name", document.Line, document.Column, $"the MetricTemplate {template.Namespace}/{template.Name} is given twice", "Give it another name or namespace, or keep one of them");
                continue;
            }

            if (ManifestBinder.Bind(new Value(document, ""), platform, errors) is not { } manifest || errors.Count > before)
                continue;
            if (!manifests.TryAdd(manifest.Key, manifest))
                errors.Add("metadata.name", document.Line, document.Column, $"the Canary {manifest.Key} is given twice", "Give it another name or namespace, or keep one of them");
        }

        return [.. manifests.Values];
    }
}
