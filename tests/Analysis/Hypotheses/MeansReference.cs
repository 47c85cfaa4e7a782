using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Hypotheses;

/// <summary>Values that R gave; the file says by which calls.</summary>
internal static class MeansReference
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Hypotheses", "Reference", "means.json"))).RootElement;

    public static IEnumerable<JsonElement> Cases(string name) => Root.GetProperty(name).EnumerateArray();

    public static double[] Numbers(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static double Number(JsonElement one, string name) => one.GetProperty(name).GetDouble();

    public static void Near(double expected, double? actual, double relative, double absolute = 1e-300) =>
        Assert.True(actual is { } value && Math.Abs(value - expected) <= absolute + (relative * Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
}
