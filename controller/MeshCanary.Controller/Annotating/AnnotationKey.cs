using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Annotating;

/// <summary>One annotation that says something of a Canary.</summary>
/// <param name="Name">Its name after <c>meshcanary.io/</c>.</param>
/// <param name="Path">The field of the Canary that it becomes; faults of that field are told of the annotation.</param>
/// <param name="Write">Puts its value into a spec.</param>
internal sealed record AnnotationKey(string Name, string Path, Action<SpecDraft, string> Write)
{
    /// <summary>The whole key.</summary>
    public string Key => ApiNames.Prefix + Name;

    /// <summary>A key whose value is a field as it is.</summary>
    public static AnnotationKey Plain(string name, string path) => new(name, path, (draft, value) => draft.Put(path, value));

    /// <summary>A key whose value is a list, divided by commas.</summary>
    public static AnnotationKey List(string name, string path) =>
        new(name, path, (draft, value) => draft.Put(path, new JsonArray([.. SpecDraft.Split(value).Select(item => (JsonNode)item)])));
}
