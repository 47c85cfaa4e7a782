using System.Text.Json;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Tests.Judging;

internal static class JudgeAssertions
{
    /// <summary>JSON as verdict records keep it: equal text is equal bits.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value);

    public static T RoundTrip<T>(T value) => JsonSerializer.Deserialize<T>(Json(value))!;

    /// <summary>Holds for every verdict there can be.</summary>
    public static void IsSane(Verdict verdict)
    {
        foreach (var number in new[] { verdict.Score, verdict.FailEvidence, verdict.HighestFailEvidence, verdict.SampleRatioEvidence, verdict.FailThreshold, verdict.PassThreshold })
            Assert.True(double.IsFinite(number), $"{number} in {verdict}");
        foreach (var metric in verdict.Metrics)
        {
            foreach (var number in new[] { metric.Difference, metric.DifferenceLow, metric.DifferenceHigh, metric.FailEvidence, metric.AdjustedFailEvidence, metric.PassEvidence, metric.AnytimeP, metric.Score })
                Assert.True(double.IsFinite(number), $"{number} in {metric}");
            Assert.InRange(metric.Score, 0, 100);
            Assert.InRange(metric.AnytimeP, 0, 1);
            Assert.InRange(metric.Difference, metric.DifferenceLow, metric.DifferenceHigh);
        }

        Assert.InRange(verdict.Score, 0, 100);
        Assert.All(verdict.Metrics, metric => Assert.InRange(metric.Overdispersion, 1, double.MaxValue));
        Assert.All(verdict.Caveats, caveat => Assert.EndsWith(".", caveat, StringComparison.Ordinal));
        Assert.DoesNotContain(verdict.Caveats, caveat => caveat.Contains("NaN", StringComparison.Ordinal) || caveat.Contains('∞', StringComparison.Ordinal));
        Assert.Equal(verdict.Kind == VerdictKind.Inconclusive, verdict.SuspectEndpoint is not null);
        Assert.False(string.IsNullOrWhiteSpace(verdict.Reason));
        Assert.DoesNotContain("NaN", verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", verdict.Reason, StringComparison.Ordinal);
        Assert.True(verdict.Kind != VerdictKind.Fail || verdict.Score < 75, "a Fail scores below the marginal line");
        Assert.True(verdict.Kind != VerdictKind.Pass || verdict.Score >= 95, "a Pass scores at or above the pass line");
    }
}
