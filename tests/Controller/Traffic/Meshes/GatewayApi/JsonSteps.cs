using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>Single steps of a JSON patch.</summary>
internal static class JsonSteps
{
    public static void Do(JsonObject root, JsonObject step)
    {
        var names = step["path"]!.GetValue<string>().Split('/')[1..].Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        JsonNode at = root;
        foreach (var name in names[..^1])
            at = at[name]!;
        var (last, value) = (names[^1], step["value"]?.DeepClone());
        switch (step["op"]!.GetValue<string>())
        {
            case "test":
                Assert.True(JsonNode.DeepEquals(at[last], value));
                break;
            case "remove" when at is JsonArray list:
                list.RemoveAt(int.Parse(last, CultureInfo.InvariantCulture));
                break;
            case "remove":
                Assert.True(at.AsObject().Remove(last));
                break;
            case "replace":
                Assert.True(at.AsObject().ContainsKey(last));
                at[last] = value;
                break;
            default:
                at[last] = value;
                break;
        }
    }
}
