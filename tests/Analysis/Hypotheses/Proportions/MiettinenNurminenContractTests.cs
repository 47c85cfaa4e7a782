using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class MiettinenNurminenContractTests : TwoProportionsContract
{
    protected override IHypothesisTest<TwoProportions> Test => MarginScoreTest.MiettinenNurminen(0);
}
