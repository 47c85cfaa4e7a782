using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class YatesContractTests : TwoProportionsContract
{
    protected override IHypothesisTest<TwoProportions> Test => ChiSquaredTest.Yates;
}
