using System.Text.Json.Nodes;
using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>Does a JSON patch as an API server does.</summary>
internal static class Patched
{
    /// <summary>Changes an object; false when a test fails or a place is not there.</summary>
    public static bool TryApply(JsonObject root, JsonPatch patch) => JsonNode.Parse(patch.ToString())!.AsArray().All(step => TryStep(root, step!.AsObject()));

    private static bool TryStep(JsonObject root, JsonObject step)
    {
        var names = step["path"]!.GetValue<string>().Split('/')[1..].Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        JsonNode? at = root;
        foreach (var name in names[..^1])
            at = (at as JsonObject)?[name];
        if (at is not JsonObject parent)
            return false;
        var last = names[^1];
        switch (step["op"]!.GetValue<string>())
        {
            case "test":
                return parent.ContainsKey(last) && JsonNode.DeepEquals(parent[last], step["value"]);
            case "remove":
                return parent.Remove(last);
            case "replace" when !parent.ContainsKey(last):
                return false;
            default:
                parent[last] = step["value"]?.DeepClone();
                return true;
        }
    }
}
