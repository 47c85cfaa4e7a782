using System.Text.Json;
using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Tests.Calibration;

/// <summary>Values from R; the file says how each was made.</summary>
public sealed class CalibrationReferenceTests
{
    private static readonly JsonElement Reference = Load();

    [Fact]
    public void Z_ManyTables_IsThatOfThePooledTwoProportionTest()
    {
        foreach (var row in Reference.GetProperty("z").EnumerateArray().Select(Numbers))
            Close(row[4], new HalfCounts((long)row[0], (long)row[1], (long)row[2], (long)row[3]).Z, 1e-7, $"{row[0]}, {row[1]}, {row[2]}, {row[3]}");
    }

    [Fact]
    public void Factors_ManyBatches_AreTheClosedFormAndTheChiSquareQuantile()
    {
        var batches = Numbers(Reference.GetProperty("batches"));
        for (var i = 0; i < batches.Length; i++)
        {
            Close(Numbers(Reference.GetProperty("factor01"))[i], SmallSample.Factor((long)batches[i], 0.01), 1e-9, $"k = {batches[i]}");
            Close(Numbers(Reference.GetProperty("factor05"))[i], SmallSample.Factor((long)batches[i], 0.05), 1e-9, $"k = {batches[i]}");
            Close(Numbers(Reference.GetProperty("upper"))[i], SmallSample.UpperFactor((long)batches[i], 0.95), 1e-8, $"k = {batches[i]}");
        }
    }

    [Fact]
    public void DesignEffect_ManyPopulations_IsTheRatioEstimatorsAndPearsons()
    {
        foreach (var one in Reference.GetProperty("users").EnumerateArray())
        {
            var users = Numbers(one.GetProperty("n")).Zip(Numbers(one.GetProperty("x")), (n, x) => new UserCounts((long)n, (long)x)).ToArray();
            var ratio = UserClustering.FromUsers(users);
            Close(one.GetProperty("ratio").GetDouble(), ratio.Measured, 1e-10, "ratio");
            Close(one.GetProperty("pearson").GetDouble(), UserClustering.FromGroups(users).Measured, 1e-7, "pearson");
            Close(one.GetProperty("clusterSize").GetDouble(), ratio.ClusterSize, 1e-12, "size");
            Close(Math.Max(1, ratio.Measured!.Value * SmallSample.Factor(users.Length - 1, 0.01)), ratio.Overdispersion, 1e-12, "used");
        }
    }

    private static void Close(double expected, double? actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual!.Value) <= 1e-12 + (tolerance * Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetDouble())];

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Calibration", "Reference", "calibration.json")));
        return document.RootElement.Clone();
    }
}
