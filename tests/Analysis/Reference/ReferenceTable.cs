using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Reference;

/// <summary>Rows of numbers from a room's own reference file: arguments first, expected values last; null reads as NaN, "inf" as infinity.</summary>
internal sealed class ReferenceTable(string room, string file)
{
    private readonly JsonElement _root = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, room, "Reference", file))).RootElement;

    public double[][] Rows(string name) =>
        [.. _root.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(Number).ToArray())];

    /// <summary>Every row agrees; the message names the worst one.</summary>
    public void Agrees(string name, int arguments, Func<double[], double[]> compute, double relative, double absolute = 0)
    {
        var (worst, message) = (0.0, "");
        var rows = Rows(name);
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var actual = compute(row);
            for (var i = 0; i < actual.Length; i++)
            {
                var expected = row[arguments + i];
                if (double.IsNaN(expected))
                    continue;
                var error = actual[i] == expected ? 0 : Math.Abs(actual[i] - expected) / (absolute + (relative * Math.Abs(expected)));
                if (error <= worst)
                    continue;
                (worst, message) = (double.IsNaN(error) ? double.PositiveInfinity : error, $"{name}({string.Join(", ", row.Take(arguments).Select(one => one.ToString("R")))})[{i}]: expected {expected:R}, got {actual[i]:R}");
            }
        }

        Assert.True(worst <= 1, $"{message}; {worst:G3} times the tolerance");
    }

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => double.PositiveInfinity,
        _ => element.GetDouble(),
    };
}
