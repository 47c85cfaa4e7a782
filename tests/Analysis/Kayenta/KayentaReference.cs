using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Kayenta;

/// <summary>Values of Kayenta's own test suites and of R; the files say where each of them comes from.</summary>
internal static class KayentaReference
{
    private static readonly JsonElement Public = Load("public.json");
    private static readonly JsonElement Ranks = Load("ranks.json");

    /// <summary>Cases of Kayenta's suites.</summary>
    public static IEnumerable<JsonElement> Of(string list) => Public.GetProperty(list).EnumerateArray();

    /// <summary>Cases made by R.</summary>
    public static IEnumerable<JsonElement> FromR(string list) => Ranks.GetProperty(list).EnumerateArray();

    public static double[] Sample(string name) => Numbers(Public.GetProperty("samples").GetProperty(name));

    /// <summary>The sample that a case names in one of its properties.</summary>
    public static double[] Sample(JsonElement one, string property) => Sample(one.GetProperty(property).GetString()!);

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetDouble())];

    public static bool Flag(JsonElement one, string property) => one.TryGetProperty(property, out var value) && value.GetBoolean();

    private static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kayenta", "Reference", file)));
        return document.RootElement.Clone();
    }
}
