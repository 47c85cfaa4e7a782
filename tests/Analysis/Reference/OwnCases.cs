using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Reference;

/// <summary>Further worked values, kept by the room they are for; each file's _meta says how they were made.</summary>
internal static class OwnCases
{
    public static JsonElement[] Read(string room, string file, string list)
    {
        var path = Path.Combine(AppContext.BaseDirectory, room, "Reference", file);
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(one => one.Clone())];
    }

    /// <summary>Within a share of the value's size, with a floor for values near 0.</summary>
    public static void Near(double expected, double actual, double relative, string what, double absolute = 1e-12) =>
        Assert.True(Math.Abs(expected - actual) <= absolute + (relative * Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");
}
