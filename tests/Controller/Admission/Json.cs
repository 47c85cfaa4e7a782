using System.Text;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Tests.Admission;

/// <summary>Makes and changes objects as an API server would.</summary>
internal static class Json
{
    public static JsonObject Of(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>The object with the response's patch applied.</summary>
    public static JsonObject Patched(JsonObject subject, JsonNode response)
    {
        Assert.True((bool)response["allowed"]!);
        var patched = subject.DeepClone().AsObject();
        if (response["patch"] is not { } patch)
            return patched;
        Assert.Equal("JSONPatch", (string?)response["patchType"]);
        foreach (var operation in JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String((string)patch!)))!.AsArray())
            Apply(patched, operation!);
        return patched;
    }

    private static void Apply(JsonObject subject, JsonNode operation)
    {
        var path = ((string)operation["path"]!).Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        var parent = path.SkipLast(1).Aggregate((JsonNode)subject, (node, part) => node[part]!).AsObject();
        if ((string)operation["op"]! == "remove")
            Assert.True(parent.Remove(path[^1]), "what is removed has to be there");
        else
            parent[path[^1]] = operation["value"]?.DeepClone();
    }
}
