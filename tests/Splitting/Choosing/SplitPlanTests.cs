using System.Collections.Immutable;
using CsCheck;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Tests.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Choosing;

public class SplitPlanTests
{
    private const string Salt = "shop/checkout";

    private static readonly FakeRequest Request = new("/cart");

    private static readonly ImmutableArray<MatchRule> EarlyAccess =
        [new MatchRule([new MatchCondition(RequestPart.Header, "x-beta", MatchOperator.Exact, "yes")])];

    // Any sequence of UTF-16 units, lone surrogates among them, of any length.
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Char.Array[0, 40].Select(units => new string(units)),
        Gen.Char['\ud800', '\udfff'].Array[0, 200].Select(units => new string(units)),
        Gen.Select(Gen.Char, Gen.Int[0, 200_000], (unit, length) => new string(unit, length)));

    [Fact]
    public void Choose_WeightRises_NoUserMovesBack() =>
        Gen.Select(AnyText, AnyText, Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.ULong).Sample((salt, key, a, b, random) =>
        {
            var before = Plan(Math.Min(a, b), salt).Choose(in Request, key, random);
            var after = Plan(Math.Max(a, b), salt).Choose(in Request, key, random);
            return before.Arm == Arm.Stable || after.Arm == Arm.Canary;
        });

    [Fact]
    public void Choose_AnyKeyAndBits_TotalAndRepeatable() =>
        Gen.Select(AnyText, AnyText, Gen.Int[0, 10_000], Gen.ULong).Sample((salt, key, weight, random) =>
        {
            var choice = Plan(weight, salt).Choose(in Request, key, random);
            return choice == Plan(weight, salt).Choose(in Request, key, random)
                && choice.Reason == (key.Length == 0 ? ChoiceReason.Draw : ChoiceReason.Key);
        });

    [Fact]
    public void Choose_KeyIsGiven_RandomBitsHaveNoSay() =>
        Gen.Select(AnyText.Where(key => key.Length > 0), Gen.ULong, Gen.ULong).Sample((key, one, other) =>
            Plan(5_000).Choose(in Request, key, one) == Plan(5_000).Choose(in Request, key, other));

    [Fact]
    public void Choose_NoOrAllWeight_NeverOrAlwaysCanary() =>
        Gen.Select(AnyText, Gen.OneOf(Gen.ULong, Gen.Const(0ul), Gen.Const(ulong.MaxValue))).Sample((key, random) =>
            Plan(0).Choose(in Request, key, random).Arm == Arm.Stable
            && Plan(0).Choose(in Request, null, random).Arm == Arm.Stable
            && Plan(10_000).Choose(in Request, key, random).Arm == Arm.Canary
            && Plan(10_000).Choose(in Request, null, random).Arm == Arm.Canary);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Choose_NoKey_DrawsFromTheBits(string? key)
    {
        var plan = Plan(1);

        Assert.Equal(new Choice(Arm.Canary, ChoiceReason.Draw), plan.Choose(in Request, key, 0));
        Assert.Equal(new Choice(Arm.Stable, ChoiceReason.Draw), plan.Choose(in Request, key, ulong.MaxValue / 10_000 + 1));
    }

    [Fact]
    public void Choose_RuleHolds_CanaryWhateverTheWeightAndKey()
    {
        var plan = new SplitPlan(new BasisPoints(0), EarlyAccess, Salt);
        var request = new FakeRequest("/", RequestPart.Header, "x-beta", "yes");

        Assert.Equal(new Choice(Arm.Canary, ChoiceReason.Rule), plan.Choose(in request, "alice", ulong.MaxValue));
        Assert.Equal(new Choice(Arm.Stable, ChoiceReason.Key), plan.Choose(in Request, "alice", ulong.MaxValue));
    }

    [Fact]
    public void Choose_SecondOfTwoRulesHolds_Canary()
    {
        var path = new MatchRule([new MatchCondition(RequestPart.Path, "", MatchOperator.Prefix, "/cart")]);
        var plan = new SplitPlan(new BasisPoints(0), EarlyAccess.Add(path), Salt);

        Assert.Equal(ChoiceReason.Rule, plan.Choose(in Request, null, 0).Reason);
    }

    [Fact]
    public void Constructor_RuleWithoutConditions_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new SplitPlan(new BasisPoints(0), [new MatchRule([])], Salt));

        Assert.Contains("at least one condition", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_DefaultRules_AreNoRules()
    {
        var plan = new SplitPlan(new BasisPoints(10_000), default, Salt);

        Assert.Equal(ChoiceReason.Draw, plan.Choose(in Request, null, 0).Reason);
    }

    private static SplitPlan Plan(int weight, string salt = Salt) => new(new BasisPoints(weight), [], salt);
}
