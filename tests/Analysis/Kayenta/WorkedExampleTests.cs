using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Kayenta;

/// <summary>The worked example of the documentation page, so that its figures stay true.</summary>
public sealed class WorkedExampleTests
{
    private static readonly KayentaPair[] Pairs =
    [
        new("errorRate", [0.5, 0.4, 0.6, 0.5, 0.7, 0.3, 0.5, 0.6, 0.4, 0.5], [0.5, 0.6, 0.4, 0.5, 0.8, 0.4, 0.6, 0.5, 0.3, 0.6]),
        new("latencyP50", [80, 82, 79, 81, 80, 83, 78, 80, 81, 82], [81, 80, 82, 79, 83, 80, 81, 82, 80, 79]),
        new("latencyP90", [200, 204, 198, 210, 206, 202, 199, 207, 203, 201], [201, 205, 199, 211, 204, 203, 200, 206, 202, 208]),
        new("latencyP99", [400, 410, 395, 420, 405, 415, 398, 412, 408, 402], [470, 455, 490, 462, 480, 474, 466, 485, 459, 477]),
    ];

    [Theory]
    [InlineData(KayentaVersion.V1, 53)]
    [InlineData(KayentaVersion.V2, 54)]
    public void WorkedExample_OfTheDocumentation_HoldsItsFigures(KayentaVersion version, double low)
    {
        var judgement = new KayentaJudge(new KayentaSettings().Config, version).Judge(Pairs);
        var slow = judgement.Metrics[3];
        Assert.Equal([KayentaLabel.Pass, KayentaLabel.Pass, KayentaLabel.Pass, KayentaLabel.High], judgement.Metrics.Select(metric => metric.Label));
        Assert.Equal((low, 78.0, 65.0), (slow.Shift!.Low, slow.Shift.High, slow.Shift.Estimate), (expected, actual) =>
            Math.Abs(expected.Item1 - actual.Item1) < 1e-3 && Math.Abs(expected.Item2 - actual.Item2) < 1e-3 && expected.Item3 == actual.Item3);
        Assert.Equal((406.5, 471.8), (slow.Control.Mean, slow.Experiment.Mean));
        Assert.Equal(1.1606, slow.Effect!.Value, 1e-4);
        Assert.Equal([("errors", 100.0, 40.0), ("latency", 66.67, 60.0)], judgement.Groups.Select(group => (group.Name, Math.Round(group.Score, 2), group.Weight)));
        Assert.Equal((80.0, KayentaOutcome.Marginal), (judgement.Score, judgement.Outcome));
        Assert.Equal("Score 80 reaches 75 (marginal), not 95 (pass); latencyP99 High.", judgement.Reason);
    }
}
