using CsCheck;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Tests.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Choosing;

public class SplitPlanShareTests
{
    private const int Requests = 50_000;

    // Six standard errors: one false alarm in a billion, while a share off by a tenth is seen at once.
    private const double Errors = 6;

    private static readonly FakeRequest Request = new("/");

    private static readonly Gen<int> Weight = Gen.OneOf(Gen.Int[0, 10_000], Gen.Int[0, 100]);

    [Fact]
    public void Choose_RandomDraws_ShareIsTheWeight() =>
        Gen.Select(Weight, Gen.Int).Sample(
            (weight, seed) =>
            {
                var plan = new SplitPlan(new BasisPoints(weight), [], "shop/checkout");
                var random = new Random(seed);
                return IsShare(weight, _ => plan.Choose(in Request, null, (ulong)random.NextInt64(long.MinValue, long.MaxValue)));
            },
            iter: 40, threads: 1);

    [Fact]
    public void Choose_ManyUsers_ShareIsTheWeightForEverySalt() =>
        Gen.Select(Weight, Gen.String, Gen.Int).Sample(
            (weight, salt, firstUser) =>
            {
                var plan = new SplitPlan(new BasisPoints(weight), [], salt);
                return IsShare(weight, i => plan.Choose(in Request, $"user-{(long)firstUser + i}", 0));
            },
            iter: 40, threads: 1);

    [Fact]
    public void Choose_TwoSalts_ArmsAreIndependent() =>
        Gen.Select(Gen.String, Gen.String).Where((a, b) => a != b && !HasSurrogate(a + b)).Sample(
            (first, second) =>
            {
                var half = new BasisPoints(5_000);
                var one = new SplitPlan(half, [], first);
                var other = new SplitPlan(half, [], second);
                return IsShare(2_500, i => Both(one.Choose(in Request, $"{i}", 0), other.Choose(in Request, $"{i}", 0)));
            },
            iter: 40, threads: 1);

    private static Choice Both(Choice one, Choice other) =>
        one.Arm == Arm.Canary && other.Arm == Arm.Canary ? one : new Choice(Arm.Stable, ChoiceReason.Key);

    private static bool HasSurrogate(string text) => text.Any(char.IsSurrogate);

    private static bool IsShare(int weight, Func<int, Choice> choose)
    {
        var share = weight / 10_000d;
        var canary = Enumerable.Range(0, Requests).Count(i => choose(i).Arm == Arm.Canary);
        var tolerance = Errors * Math.Sqrt(Requests * share * (1 - share));
        return Math.Abs(canary - (Requests * share)) <= tolerance + 1e-9;
    }
}
