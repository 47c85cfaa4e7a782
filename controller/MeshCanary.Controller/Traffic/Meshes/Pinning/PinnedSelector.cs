using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Traffic.Meshes.Pinning;

/// <summary>A Service and its selector: what its owner wrote, and the pods of one version of it.</summary>
internal sealed class PinnedSelector(V1Service service)
{
    private const string SelectorPath = "/spec/selector";

    /// <summary>Its name.</summary>
    public string Name => service.Metadata.Name;

    /// <summary>The Canary that it is under; null for none.</summary>
    public string? Canary => Annotation(ApiNames.CanaryAnnotation);

    /// <summary>Its selector as it is.</summary>
    public SortedDictionary<string, string> Selector { get; } = new(service.Spec.Selector ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    /// <summary>Its own selector, as it is kept while ours is in its place; null when it is not.</summary>
    public SortedDictionary<string, string>? Original => Kept(ApiNames.OriginalSelectorAnnotation);

    /// <summary>Whether the selector is still what we wrote last.</summary>
    public bool IsAsWritten => Kept(ApiNames.PinnedSelectorAnnotation) is not { } written || Selectors.Same(written, Selector);

    /// <summary>What its owner wants, also where somebody wrote past us.</summary>
    public SortedDictionary<string, string> Wanted
    {
        get
        {
            if (Original is not { } original)
                return Selector;
            if (IsAsWritten || Kept(ApiNames.PinnedSelectorAnnotation) is not { } ours)
                return original;
            var wanted = Selectors.Without(Selector, ours, original);
            return wanted.Count == 0 ? original : wanted;
        }
    }

    /// <summary>Whether it selects the pods of a hash, of its own ones, and nothing else has to be noted.</summary>
    public bool IsPinnedTo(string hash) => Original is { } original && Selectors.Same(Selector, To(original, hash)) && Kept(ApiNames.PinnedSelectorAnnotation) is { } written && Selectors.Same(written, Selector);

    /// <summary>Whether it selects the pods of a hash.</summary>
    public bool Selects(string hash) => Selector.TryGetValue(InPlaceNames.HashLabel, out var value) && value == hash;

    /// <summary>Selects the pods of a hash, of its own ones, and keeps what its owner wrote.</summary>
    public JsonPatch Pin(string canary, string hash)
    {
        var (wanted, patch) = (Wanted, Begin());
        Put(patch, "labels", service.Metadata.Labels, new() { [ApiNames.ManagedLabel] = "true" });
        var pinned = To(wanted, hash);
        Put(patch, "annotations", service.Metadata.Annotations, new()
        {
            [ApiNames.CanaryAnnotation] = canary,
            [ApiNames.OriginalSelectorAnnotation] = Selectors.Write(wanted),
            [ApiNames.PinnedSelectorAnnotation] = Selectors.Write(pinned),
        });
        return patch.Add(SelectorPath, Json(pinned));
    }

    /// <summary>Selects what its owner wants, and keeps nothing of ours.</summary>
    public JsonPatch Restore()
    {
        var patch = Begin();
        if (!Selectors.Same(Wanted, Selector))
            patch.Add(SelectorPath, Json(Wanted));
        foreach (var name in new[] { ApiNames.OriginalSelectorAnnotation, ApiNames.PinnedSelectorAnnotation, ApiNames.CanaryAnnotation }.Where(name => Annotation(name) is not null))
            patch.Remove(JsonPatch.Path("metadata", "annotations", name));
        if (service.Metadata.Labels?.ContainsKey(ApiNames.ManagedLabel) == true)
            patch.Remove(JsonPatch.Path("metadata", "labels", ApiNames.ManagedLabel));
        return patch;
    }

    private static SortedDictionary<string, string> To(SortedDictionary<string, string> own, string hash) => new(own, StringComparer.Ordinal) { [InPlaceNames.HashLabel] = hash };

    private JsonPatch Begin() => new JsonPatch().TestVersion(service.Metadata.ResourceVersion);

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

    private static JsonObject Json(IEnumerable<KeyValuePair<string, string>> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private SortedDictionary<string, string>? Kept(string annotation) => Annotation(annotation) is { } kept && Selectors.Parse(kept) is { Count: > 0 } read ? read : null;

    private string? Annotation(string name) => service.Metadata.Annotations?.TryGetValue(name, out var value) == true ? value : null;
}
