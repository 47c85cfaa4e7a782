using System.Text.Json;

namespace MeshCanary.Cli.Commands.Replay;

/// <summary>A value that two JSON documents do not share.</summary>
/// <param name="Path">Where, such as <c>.metrics[0].score</c>.</param>
/// <param name="Left">What the first holds.</param>
/// <param name="Right">What the second holds.</param>
internal sealed record JsonDifference(string Path, string Left, string Right)
{
    private const string Absent = "nothing";

    /// <summary>Every value that differs, in the first document's order.</summary>
    public static IEnumerable<JsonDifference> Between(string left, string right)
    {
        using var first = JsonDocument.Parse(left);
        using var second = JsonDocument.Parse(right);
        return [.. Compare("", first.RootElement, second.RootElement)];
    }

    private static IEnumerable<JsonDifference> Compare(string path, JsonElement? left, JsonElement? right)
    {
        if (left is { ValueKind: JsonValueKind.Object } leftObject && right is { ValueKind: JsonValueKind.Object } rightObject)
        {
            var names = leftObject.EnumerateObject().Concat(rightObject.EnumerateObject()).Select(property => property.Name).Distinct().ToList();
            return names.SelectMany(name => Compare($"{path}.{name}", Property(leftObject, name), Property(rightObject, name)));
        }

        if (left is { ValueKind: JsonValueKind.Array } leftArray && right is { ValueKind: JsonValueKind.Array } rightArray)
            return Enumerable.Range(0, Math.Max(leftArray.GetArrayLength(), rightArray.GetArrayLength()))
                .SelectMany(index => Compare($"{path}[{index}]", Item(leftArray, index), Item(rightArray, index)));
        var (was, becomes) = (Text(left), Text(right));
        return was == becomes ? [] : [new JsonDifference(path, was, becomes)];
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Item(JsonElement element, int index) =>
        index < element.GetArrayLength() ? element[index] : null;

    private static string Text(JsonElement? element) => element?.GetRawText() ?? Absent;
}
