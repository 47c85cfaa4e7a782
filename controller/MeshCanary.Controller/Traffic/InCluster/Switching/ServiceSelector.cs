using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Traffic.InCluster.Switching;

/// <summary>A Service and its selector: the one that its owner wrote, and the one that leads to proxies.</summary>
internal sealed class ServiceSelector(V1Service service, SortedDictionary<string, string> ours)
{
    private const string SelectorPath = "/spec/selector";

    /// <summary>Its name.</summary>
    public string Name => service.Metadata.Name;

    /// <summary>The Canary that it is under; null for none.</summary>
    public string? Canary => Annotation(ApiNames.CanaryAnnotation);

    /// <summary>Its selector as it is.</summary>
    public SortedDictionary<string, string> Selector { get; } = new(service.Spec.Selector ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    /// <summary>Its own selector, as it is kept while ours is in its place; null when it is not.</summary>
    public SortedDictionary<string, string>? Original =>
        Annotation(ApiNames.OriginalSelectorAnnotation) is { } kept && Selectors.Parse(kept) is { Count: > 0 } read ? read : null;

    /// <summary>Whether it leads to the proxies and to nothing else.</summary>
    public bool IsOurs => Selectors.Same(Selector, ours);

    /// <summary>Leads it to the proxies, and keeps what it had.</summary>
    public JsonPatch Switch(string canary)
    {
        var patch = Begin();
        Put(patch, "labels", service.Metadata.Labels, new() { [ApiNames.ManagedLabel] = "true" });
        Put(patch, "annotations", service.Metadata.Annotations, new()
        {
            [ApiNames.CanaryAnnotation] = canary,
            [ApiNames.OriginalSelectorAnnotation] = Selectors.Write(Selector),
        });
        return patch.Replace(SelectorPath, Json(ours));
    }

    /// <summary>Leads it to the proxies again, and keeps what somebody wrote meanwhile.</summary>
    public JsonPatch Repair()
    {
        var patch = Begin();
        var wanted = Selectors.Without(Selector, ours, Original!);
        if (wanted.Count > 0 && !Selectors.Same(wanted, Original!))
            patch.Replace(AnnotationPath(ApiNames.OriginalSelectorAnnotation), Selectors.Write(wanted));
        return Selector.Count == 0 ? patch.Add(SelectorPath, Json(ours)) : patch.Replace(SelectorPath, Json(ours));
    }

    /// <summary>Leads it to its own pods: the original, written out, with whatever else somebody has put beside ours.</summary>
    public JsonPatch Restore()
    {
        var patch = Begin();
        var back = new SortedDictionary<string, string>(Original!, StringComparer.Ordinal);
        foreach (var (key, value) in Selectors.Without(Selector, ours, Original!))
            back[key] = value;
        if (!Selectors.Same(back, Selector))
            patch.Add(SelectorPath, Json(back));
        patch.Remove(AnnotationPath(ApiNames.OriginalSelectorAnnotation));
        if (Canary is not null)
            patch.Remove(AnnotationPath(ApiNames.CanaryAnnotation));
        if (service.Metadata.Labels?.ContainsKey(ApiNames.ManagedLabel) == true)
            patch.Remove(JsonPatch.Path("metadata", "labels", ApiNames.ManagedLabel));
        return patch;
    }

    // The version covers what no single test can: maps that are not there yet.
    private JsonPatch Begin()
    {
        var patch = new JsonPatch().TestVersion(service.Metadata.ResourceVersion);
        return Selector.Count == 0 ? patch : patch.Test(SelectorPath, Json(Selector));
    }

    private static void Put(JsonPatch patch, string map, IDictionary<string, string>? present, Dictionary<string, string> values)
    {
        if (present is null)
        {
            patch.Add(JsonPatch.Path("metadata", map), Json(values));
            return;
        }

        foreach (var (name, value) in values)
            patch.Add(JsonPatch.Path("metadata", map, name), value);
    }

    private static string AnnotationPath(string name) => JsonPatch.Path("metadata", "annotations", name);

    private static JsonObject Json(IEnumerable<KeyValuePair<string, string>> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private string? Annotation(string name) => service.Metadata.Annotations?.TryGetValue(name, out var value) == true ? value : null;
}
