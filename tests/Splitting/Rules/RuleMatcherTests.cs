using CsCheck;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Rules;

public class RuleMatcherTests
{
    [Theory]
    [InlineData("/beta", "/beta", true)]
    [InlineData("/beta", "/beta/", true)]
    [InlineData("/beta", "/beta/x", true)]
    [InlineData("/beta", "/betamax", false)]
    [InlineData("/beta", "/Beta", false)]
    [InlineData("/beta", "/bet", false)]
    [InlineData("/beta", "/v1/beta", false)]
    [InlineData("/beta/", "/beta", false)]
    [InlineData("/beta/", "/beta/x", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/anything", true)]
    public void Choose_PathPrefix_EndsAtASegment(string prefix, string path, bool holds) =>
        Assert.Equal(holds, Holds(new FakeRequest(path), new MatchCondition(RequestPart.Path, "", MatchOperator.Prefix, prefix)));

    [Theory]
    [InlineData(MatchOperator.Exact, "/beta", true)]
    [InlineData(MatchOperator.Exact, "/beta/", false)]
    [InlineData(MatchOperator.Present, "/anything", true)]
    public void Choose_PathOtherwise_ComparesTheWhole(MatchOperator how, string path, bool holds) =>
        Assert.Equal(holds, Holds(
            new FakeRequest(path),
            new MatchCondition(RequestPart.Path, "", how, how == MatchOperator.Present ? "" : "/beta")));

    [Theory]
    [InlineData(MatchOperator.Exact, "yes", "yes", true)]
    [InlineData(MatchOperator.Exact, "yes", "Yes", false)]
    [InlineData(MatchOperator.Exact, "yes", "yes!", false)]
    [InlineData(MatchOperator.Exact, "yes", null, false)]
    [InlineData(MatchOperator.Exact, "", "", true)]
    [InlineData(MatchOperator.Prefix, "ye", "yes", true)]
    [InlineData(MatchOperator.Prefix, "yes", "ye", false)]
    [InlineData(MatchOperator.Prefix, "ye", null, false)]
    [InlineData(MatchOperator.Present, "", "", true)]
    [InlineData(MatchOperator.Present, "", "x", true)]
    [InlineData(MatchOperator.Present, "", null, false)]
    public void Choose_NamedPart_ComparesItsValue(MatchOperator how, string expected, string? actual, bool holds)
    {
        foreach (var part in new[] { RequestPart.Header, RequestPart.Cookie, RequestPart.Query })
            Assert.Equal(holds, Holds(new FakeRequest("/", part, "beta", actual), new MatchCondition(part, "beta", how, expected)));
    }

    [Theory]
    [InlineData("v[0-9]+", "v12", true)]
    [InlineData("v[0-9]+", "v12x", false)]
    [InlineData("v[0-9]+", "xv12", false)]
    [InlineData("v[0-9]+", "v12\n", false)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("a|b", "xb", false)]
    [InlineData("(?i)gold", "GOLD", true)]
    [InlineData("gold", "GOLD", false)]
    [InlineData(".*", "", true)]
    [InlineData(".*", null, false)]
    public void Choose_Regex_MatchesTheWholeValue(string pattern, string? actual, bool holds) =>
        Assert.Equal(holds, Holds(new FakeRequest("/", RequestPart.Header, "plan", actual), new MatchCondition(RequestPart.Header, "plan", MatchOperator.Regex, pattern)));

    [Theory]
    [InlineData("/käse/[0-9]+", "/käse/7", true)]
    [InlineData("/api/v[12](/.*)?", "/api/v2", true)]
    [InlineData("/api/v[12](/.*)?", "/api/v2/x", true)]
    [InlineData("/api/v[12](/.*)?", "/api/v22", false)]
    public void Choose_PathRegex_MatchesTheDecodedPath(string pattern, string path, bool holds) =>
        Assert.Equal(holds, Holds(new FakeRequest(path), new MatchCondition(RequestPart.Path, "", MatchOperator.Regex, pattern)));

    /// <summary>Backtracking would take for ever here.</summary>
    [Fact]
    public void Choose_RegexOnAHostileValue_ComesToAnEnd()
    {
        var nested = new MatchCondition(RequestPart.Query, "q", MatchOperator.Regex, "((a+)+)+b");
        Assert.False(Holds(Query(new string('a', MatchPattern.LongestValue)), nested));
        Assert.True(Holds(Query(new string('a', MatchPattern.LongestValue - 1) + "b"), nested));
        Assert.False(Holds(Query(new string('a', MatchPattern.LongestValue) + "b"), nested));
    }

    [Theory]
    [InlineData(MatchOperator.Exact, "PUT", "PUT", true)]
    [InlineData(MatchOperator.Exact, "PUT", "put", false)]
    [InlineData(MatchOperator.Prefix, "P", "POST", true)]
    [InlineData(MatchOperator.Regex, "PUT|POST", "POST", true)]
    [InlineData(MatchOperator.Regex, "PUT|POST", "GET", false)]
    public void Choose_Method_Compares(MatchOperator how, string expected, string actual, bool holds) =>
        Assert.Equal(holds, Holds(new FakeRequest("/", Method: actual), new MatchCondition(RequestPart.Method, "", how, expected)));

    [Fact]
    public void Choose_SameNameInAnotherPart_DoesNotHold() =>
        Assert.False(Holds(
            new FakeRequest("/", RequestPart.Cookie, "beta", "yes"),
            new MatchCondition(RequestPart.Header, "beta", MatchOperator.Present, "")));

    [Fact]
    public void Choose_OneOfTwoConditionsFails_DoesNotHold()
    {
        var path = new MatchCondition(RequestPart.Path, "", MatchOperator.Prefix, "/cart");
        var cookie = new MatchCondition(RequestPart.Cookie, "beta", MatchOperator.Present, "");

        Assert.False(Holds(new FakeRequest("/cart"), path, cookie));
        Assert.False(Holds(new FakeRequest("/", RequestPart.Cookie, "beta", ""), path, cookie));
        Assert.True(Holds(new FakeRequest("/cart", RequestPart.Cookie, "beta", ""), path, cookie));
    }

    [Fact]
    public void Choose_AnyValues_PrefixHoldsWheneverExactDoes() =>
        Gen.Select(Gen.String.Where(s => s.Length > 0), Gen.String).Sample((expected, rest) =>
            Holds(Cookie(expected), Is(MatchOperator.Exact, expected))
            && Holds(Cookie(expected), Is(MatchOperator.Prefix, expected))
            && Holds(Cookie(expected + rest), Is(MatchOperator.Prefix, expected))
            && Holds(Cookie(expected + rest), Is(MatchOperator.Exact, expected)) == (rest.Length == 0));

    private static FakeRequest Query(string value) => new("/", RequestPart.Query, "q", value);

    private static FakeRequest Cookie(string value) => new("/", RequestPart.Cookie, "c", value);

    private static MatchCondition Is(MatchOperator how, string value) => new(RequestPart.Cookie, "c", how, value);

    private static bool Holds(FakeRequest request, params MatchCondition[] conditions) =>
        new SplitPlan(new BasisPoints(0), [new MatchRule([.. conditions])], "salt").Choose(in request, null, 0).Reason
            == ChoiceReason.Rule;
}
