using System.Text.Json;
using MeshCanary.Analysis.Hypotheses;

namespace MeshCanary.Analysis.Tests.Hypotheses.Ranks;

/// <summary>Further worked values from R and scipy; the file keeps the calls that made them.</summary>
internal static class RankReference
{
    private static readonly JsonElement Root = Load();

    public static IEnumerable<RankCase> Cases => Root.GetProperty("cases").EnumerateArray().Select(one => new RankCase(
        one.GetProperty("id").GetString()!, Numbers(one.GetProperty("canary")), Numbers(one.GetProperty("stable")), one.GetProperty("expected")));

    public static IEnumerable<RankCase> Large => Root.GetProperty("large").EnumerateArray().Select(one => new RankCase(
        $"large-{one.GetProperty("n")}x{one.GetProperty("m")}",
        Generate(one.GetProperty("canary"), one.GetProperty("n").GetInt32()),
        Generate(one.GetProperty("stable"), one.GetProperty("m").GetInt32()),
        one.GetProperty("expected")));

    public static IEnumerable<double[]> Kolmogorov => Root.GetProperty("kolmogorov").EnumerateArray().Select(Numbers);

    public static IEnumerable<double[]> Normal => Root.GetProperty("normal").EnumerateArray().Select(Numbers);

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetDouble())];

    public static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{what}: expected {expected:R}, got {actual:R}");

    public static IEnumerable<(Alternative Alternative, double Expected)> ByAlternative(JsonElement values) =>
    [
        (Alternative.TwoSided, values.GetProperty("two.sided").GetDouble()),
        (Alternative.Greater, values.GetProperty("greater").GetDouble()),
        (Alternative.Less, values.GetProperty("less").GetDouble()),
    ];

    private static double[] Generate(JsonElement terms, int count)
    {
        var values = Numbers(terms);
        var (a, b, p) = ((long)values[0], (long)values[1], (long)values[2]);
        return [.. Enumerable.Range(1, count).Select(i => ((((a * i * i) + (b * i)) % p) / values[3]) + values[4])];
    }

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Hypotheses", "Ranks", "Reference", "ranks.json")));
        return document.RootElement.Clone();
    }
}
