using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Tests.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Choosing;

public class SplitPlanAllocationTests
{
    private static readonly SplitPlan Plan = new(
        new BasisPoints(5_000),
        [
            new MatchRule([new MatchCondition(RequestPart.Header, "x-beta", MatchOperator.Exact, "yes")]),
            new MatchRule([new MatchCondition(RequestPart.Path, "", MatchOperator.Prefix, "/beta")]),
        ],
        "shop/checkout");

    public static TheoryData<string?> Keys { get; } =
        new([null, "alice", "Zoë-用户-🚀", "lone \ud83d surrogate", new string('k', 5_000)]);

    [Theory]
    [MemberData(nameof(Keys))]
    public void Choose_AfterWarmUp_AllocatesNothing(string? key)
    {
        var request = new FakeRequest("/cart", RequestPart.Header, "x-beta", "no");
        ChooseOften(request, key);

        // A collection that falls into a round may empty the buffer pool, so one clean round is the proof.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedBy(request, key)));
    }

    private static long AllocatedBy(FakeRequest request, string? key)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ChooseOften(request, key);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void ChooseOften(FakeRequest request, string? key)
    {
        for (var i = 0ul; i < 1_000; i++)
            Plan.Choose(in request, key, i << 50);
    }
}
