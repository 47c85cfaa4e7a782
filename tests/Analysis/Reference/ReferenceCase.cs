using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Reference;

internal sealed record ReferenceCase(JsonElement Inputs, JsonElement Expected, double RelativeTolerance)
{
    /// <summary>Floor of the tolerance, as the file's own header sets it.</summary>
    private const double Absolute = 1e-12;

    public double[] Numbers(string name) => Numbers(Expected.GetProperty(name));

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetDouble())];

    public static long[] Counts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetInt64())];

    public void Agrees(string name, IEnumerable<double> actual)
    {
        var expected = Numbers(name);
        var values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Agrees(expected[i], values[i], $"{name}[{i}]");
    }

    public void Agrees(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Absolute + (RelativeTolerance * Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");
}
