using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class FisherExactContractTests : TwoProportionsContract
{
    protected override IHypothesisTest<TwoProportions> Test => FisherExactTest.Instance;
}
