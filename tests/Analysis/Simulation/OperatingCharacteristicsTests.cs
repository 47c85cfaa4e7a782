using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>What <see cref="AcceptanceTests"/> does not cover: weights that change while the service drifts.</summary>
public sealed class OperatingCharacteristicsTests
{
    private static readonly AnalysisSettings Defaults = Traffic.Independent;

    [Fact]
    public void HealthyCanaryThroughDriftAndWeightChanges_IsNotRolledBack()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var judge = new CanaryJudge(Defaults);
            for (var step = 0; step < 5; step++)
            {
                // Both arms get worse together, as through a dependency that suffers.
                var model = new ArmModel(0.005 * (1 + step), 1 + (0.1 * step));
                var traffic = new Traffic((seed * 10) + step, canaryWeight: new[] { 100, 500, 1000, 2500, 5000 }[step]) { Stable = model, Canary = model };
                for (var i = 0; i < 12; i++)
                {
                    if (step == 0 && i < 3)
                        judge.Warm(traffic.Next());
                    else
                        judge.Observe(traffic.Next());
                }
            }

            Assert.NotEqual(VerdictKind.Fail, judge.Assess().Kind);
            Assert.NotEqual(VerdictKind.Invalid, judge.Assess().Kind);
        }
    }
}
