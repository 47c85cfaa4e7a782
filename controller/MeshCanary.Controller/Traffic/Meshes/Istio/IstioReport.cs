using System.Globalization;
using System.Text.Json;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>Whether a VirtualService is in force: what Istio says of it, or, where it says nothing, that it had the time that it takes. Pure.</summary>
/// <param name="InForce">Whether it is.</param>
/// <param name="Text">How that is known, or what is waited for.</param>
/// <param name="LookAgainAt">When more may be known even if nothing changes; null for never.</param>
internal sealed record IstioReport(bool InForce, string Text, DateTimeOffset? LookAgainAt)
{
    // One who reports at all says something within this time; whose report stays older has ceased to.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What is known of an object that is as it is wanted.</summary>
    public static IstioReport Of(RawObject seen, MeshView view, TimeSpan propagation)
    {
        var name = $"VirtualService {seen.Metadata.Name}";
        var generation = seen.Metadata.Generation ?? 0;
        if (Fault(seen, generation) is { } fault)
            return new IstioReport(false, $"{name} to be free of errors, of which Istio reports {fault}", null);
        var since = view.Since.TryGetValue(seen.Metadata.Uid, out var known) ? known : view.Now;
        if (Reconciled(seen) is { } condition && Observed(condition, seen) is { } observed)
        {
            if (observed >= generation)
            {
                return condition.TryGetProperty("status", out var status) && status.GetString() == "True"
                    ? new IstioReport(true, $"Istio reports that all proxies have {name}", null)
                    : new IstioReport(false, $"all proxies to have {name}, as Istio reports{(condition.TryGetProperty("message", out var message) ? $": {message.GetString()}" : "")}", null);
            }

            if (view.Now < since + Patience)
                return new IstioReport(false, $"Istio to report on {name}", since + Patience);
        }

        return view.Now >= since + propagation
            ? new IstioReport(true, string.Create(CultureInfo.InvariantCulture, $"the API server has had {name} for {propagation.TotalSeconds:0.#}s; Istio does not report whether proxies have it"), null)
            : new IstioReport(false, string.Create(CultureInfo.InvariantCulture, $"{name} to reach the proxies, for which it is given {propagation.TotalSeconds:0.#}s since Istio does not report on it"), since + propagation);
    }

    private static string? Fault(RawObject seen, long generation)
    {
        if (seen.At("status", "validationMessages") is not { ValueKind: JsonValueKind.Array } messages || Number(seen.At("status", "observedGeneration")) is { } observed && observed < generation)
            return null;
        foreach (var message in messages.EnumerateArray())
        {
            if (Said(message, "level") == "ERROR" && message.TryGetProperty("type", out var type))
                return $"{Said(type, "code")} {Said(type, "name")}".Trim();
        }

        return null;
    }

    private static JsonElement? Reconciled(RawObject seen)
    {
        if (seen.At("status", "conditions") is not { ValueKind: JsonValueKind.Array } conditions)
            return null;
        foreach (var condition in conditions.EnumerateArray())
        {
            if (Said(condition, "type") == "Reconciled")
                return condition;
        }

        return null;
    }

    private static long? Observed(JsonElement condition, RawObject seen) =>
        Number(condition.TryGetProperty("observedGeneration", out var own) ? own : null) ?? Number(seen.At("status", "observedGeneration"));

    // A number, or one in a text: the API allows both.
    private static long? Number(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetInt64(),
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    private static string Said(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
