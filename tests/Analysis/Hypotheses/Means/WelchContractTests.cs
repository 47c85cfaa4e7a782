using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Means;

namespace MeshCanary.Analysis.Tests.Hypotheses.Means;

public sealed class WelchContractTests : TwoSamplesContract
{
    protected override IHypothesisTest<TwoSamples> Test => WelchTest.Instance;

    protected override double Tolerance => 1e-9;
}
