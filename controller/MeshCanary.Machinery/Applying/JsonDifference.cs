using System.Text.Json;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Applying;

/// <summary>Whether an intent is already so.</summary>
public static class JsonDifference
{
    /// <summary>Whether everything that is intended is there: objects may have more fields than are intended, lists must be equal.</summary>
    /// <param name="intent">What should be: a class, a node or an element. Its nulls count as absent.</param>
    /// <param name="present">What is.</param>
    public static bool IsCovered(object intent, object present)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(present);
        using var intended = JsonDocument.Parse(ObjectJson.Encode(intent), ObjectJson.DocumentOptions);
        using var there = JsonDocument.Parse(ObjectJson.Encode(present), ObjectJson.DocumentOptions);
        return IsCovered(intended.RootElement, there.RootElement);
    }

    private static bool IsCovered(JsonElement intent, JsonElement present)
    {
        if (intent.ValueKind != JsonValueKind.Object || present.ValueKind != JsonValueKind.Object)
            return JsonElement.DeepEquals(intent, present);
        foreach (var field in intent.EnumerateObject())
        {
            var there = present.TryGetProperty(field.Name, out var value);
            if (field.Value.ValueKind == JsonValueKind.Null ? there && value.ValueKind != JsonValueKind.Null : !there || !IsCovered(field.Value, value))
                return false;
        }

        return true;
    }
}
