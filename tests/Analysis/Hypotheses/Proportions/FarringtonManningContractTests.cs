using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class FarringtonManningContractTests : TwoProportionsContract
{
    protected override IHypothesisTest<TwoProportions> Test => MarginScoreTest.FarringtonManning(0);
}
