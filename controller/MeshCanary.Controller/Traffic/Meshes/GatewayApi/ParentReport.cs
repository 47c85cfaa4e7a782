using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>What one controller reports of a route at one parent.</summary>
internal sealed class ParentReport(JsonNode entry, long generation, string place)
{
    private readonly JsonObject[] _conditions = [.. (entry["conditions"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>Who reports.</summary>
    public string Controller => Backends.Text(entry, "controllerName") ?? "(without a name)";

    /// <summary>Whether it reports on an older version of the route.</summary>
    public bool IsOld => _conditions.Any(one => IsAsked(one) && Generation(one) < generation);

    /// <summary>Whether it does not say which version of the route it reports on.</summary>
    public bool IsWithoutGeneration => _conditions.Any(one => IsAsked(one) && Generation(one) is null);

    /// <summary>What it refuses, or has not said yet, in plain words; null when it takes the route with all backends.</summary>
    public string? Objection => IsOld ? $"{Controller} to report on generation {generation} of {place}; it reports on {_conditions.Where(IsAsked).Min(Generation)}" : Refusal;

    private string? Refusal
    {
        get
        {
            foreach (var (type, wanted) in new[] { ("Accepted", "True"), ("ResolvedRefs", "True") })
            {
                if (Array.Find(_conditions, one => Backends.Text(one, "type") == type) is not { } condition)
                    return $"{Controller} to report {type} of {place}";
                if (Backends.Text(condition, "status") != wanted)
                    return $"{place} to be taken by {Controller}, which reports {Told(condition)}";
            }

            return Array.Find(_conditions, one => Backends.Text(one, "type") == "PartiallyInvalid" && Backends.Text(one, "status") == "True") is { } partly
                ? $"all rules of {place} to be taken by {Controller}, which reports {Told(partly)}"
                : null;
        }
    }

    /// <summary>A condition as it is told: type, status, reason and message.</summary>
    public static string Told(JsonNode condition)
    {
        var message = Backends.Text(condition, "message");
        return $"{Backends.Text(condition, "type")} {Backends.Text(condition, "status")}, {Backends.Text(condition, "reason")}{(string.IsNullOrEmpty(message) ? "" : $": {message}")}";
    }

    private static bool IsAsked(JsonObject condition) => Backends.Text(condition, "type") is "Accepted" or "ResolvedRefs";

    private static long? Generation(JsonObject condition) => Backends.Number(condition, "observedGeneration");
}
