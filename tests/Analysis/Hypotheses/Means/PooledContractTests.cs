using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Means;

namespace MeshCanary.Analysis.Tests.Hypotheses.Means;

public sealed class PooledContractTests : TwoSamplesContract
{
    protected override IHypothesisTest<TwoSamples> Test => PooledTest.Instance;

    protected override double Tolerance => 1e-9;
}
