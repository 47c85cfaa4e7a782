using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Reference;

/// <summary>Worked values from scipy, R and closed forms; the file keeps who made each of them.</summary>
internal static class ReferenceCases
{
    private static readonly Dictionary<string, ReferenceCase> Cases = Load();

    public static IEnumerable<string> Ids => Cases.Keys;

    public static ReferenceCase Get(string id) => Cases[id];

    private static Dictionary<string, ReferenceCase> Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Reference", "reference.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.GetProperty("cases").EnumerateArray().ToDictionary(
            one => one.GetProperty("id").GetString()!,
            one => new ReferenceCase(one.GetProperty("inputs").Clone(), one.GetProperty("expected").Clone(), one.GetProperty("rtol").GetDouble()));
    }
}
