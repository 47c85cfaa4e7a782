using CsCheck;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Rules;

public class MatchRuleValidatorTests
{
    [Theory]
    [InlineData(RequestPart.Header, "x-beta", MatchOperator.Exact, "yes")]
    [InlineData(RequestPart.Cookie, "beta", MatchOperator.Prefix, "y")]
    [InlineData(RequestPart.Query, "beta", MatchOperator.Present, "")]
    [InlineData(RequestPart.Query, "beta", MatchOperator.Exact, "")]
    [InlineData(RequestPart.Path, "", MatchOperator.Prefix, "/")]
    [InlineData(RequestPart.Path, "", MatchOperator.Exact, "/beta")]
    [InlineData(RequestPart.Path, "", MatchOperator.Regex, "/(beta|preview)/.*")]
    [InlineData(RequestPart.Query, "name", MatchOperator.Regex, "[äöü]+")]
    [InlineData(RequestPart.Method, "", MatchOperator.Exact, "PUT")]
    [InlineData(RequestPart.Method, "", MatchOperator.Regex, "PUT|POST")]
    public void Problems_ValidRule_None(RequestPart part, string name, MatchOperator how, string value) =>
        Assert.Empty(MatchRuleValidator.Problems(new MatchRule([new MatchCondition(part, name, how, value)])));

    [Theory]
    [InlineData(RequestPart.Header, "", MatchOperator.Exact, "yes", "name: is missing; name the header")]
    [InlineData(RequestPart.Query, " ", MatchOperator.Present, "", "name: is missing; name the query")]
    [InlineData(RequestPart.Path, "x", MatchOperator.Exact, "/a", "name: 'x' has no meaning for a path")]
    [InlineData(RequestPart.Cookie, "c", MatchOperator.Present, "v", "value: 'v' has no meaning for Present")]
    [InlineData(RequestPart.Path, "", MatchOperator.Prefix, "beta", "value: 'beta' must start with a slash")]
    [InlineData(RequestPart.Path, "", MatchOperator.Exact, "", "value: '' must start with a slash")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Prefix, "", "value: is empty")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Exact, null, "value: is missing")]
    [InlineData(RequestPart.Method, "x", MatchOperator.Exact, "GET", "name: 'x' has no meaning for a method")]
    [InlineData(RequestPart.Method, "", MatchOperator.Present, "", "operator: Present holds for every method")]
    [InlineData(RequestPart.Method, "", MatchOperator.Exact, "", "value: is missing; name the method")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "", "value: is empty")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, null, "value: is missing")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "a(b", "value: is not a regular expression: insufficient closing parentheses, at character 3")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "a)|(b", "value: is not a regular expression: insufficient opening parentheses, at character 2")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "(?=a)b", "value: '(?=a)b' holds 'positive lookahead")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, @"(a)\1", @"value: '(a)\1' holds 'backreference")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "(a{1,100}){1,100}", "value: '(a{1,100}){1,100}' is too large")]
    [InlineData(RequestPart.Header, "h", MatchOperator.Regex, "[äö]", "value: '[äö]' holds characters beyond ASCII")]
    [InlineData((RequestPart)9, "h", MatchOperator.Exact, "v", "part: 9 is unknown")]
    [InlineData(RequestPart.Header, "h", (MatchOperator)9, "v", "operator: 9 is unknown")]
    public void Problems_OneMistake_IsNamedWithItsPlace(
        RequestPart part, string name, MatchOperator how, string? value, string expected)
    {
        var valid = new MatchCondition(RequestPart.Cookie, "beta", MatchOperator.Present, "");

        var problem = Assert.Single(MatchRuleValidator.Problems(new MatchRule([valid, new MatchCondition(part, name, how, value!)])));

        Assert.StartsWith($"conditions[1].{expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_PatternThatIsTooLong_SaysHowLongItMayBe() =>
        Assert.Equal(
            ["conditions[0].value: has 1001 characters; at most 1000 are allowed."],
            MatchRuleValidator.Problems(new MatchRule([new MatchCondition(RequestPart.Path, "", MatchOperator.Regex, new string('a', 1001))])));

    [Fact]
    public void Problems_SeveralMistakes_AreAllNamed()
    {
        var problems = MatchRuleValidator.Problems(new MatchRule(
        [
            new MatchCondition(RequestPart.Path, "x", MatchOperator.Prefix, "beta"),
            new MatchCondition(RequestPart.Header, "", MatchOperator.Present, "v"),
        ]));

        Assert.Equal(
            ["conditions[0].name", "conditions[0].value", "conditions[1].name", "conditions[1].value"],
            problems.Select(p => p[..p.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Problems_NoConditions_AreAProblem(bool isDefault) =>
        Assert.StartsWith(
            "conditions: is empty", Assert.Single(MatchRuleValidator.Problems(new MatchRule(isDefault ? default : []))), StringComparison.Ordinal);

    [Fact]
    public void Problems_AnyCondition_AgreesWithWhatThePlanTakes() =>
        Gen.Select(Gen.Int[0, 5], Gen.String, Gen.Int[0, 4], Gen.String).Sample((part, name, how, value) =>
        {
            var rule = new MatchRule([new MatchCondition((RequestPart)part, name, (MatchOperator)how, value)]);
            var refused = Record.Exception(() => new SplitPlan(new BasisPoints(0), [rule], "salt")) is ArgumentException;
            return refused == (MatchRuleValidator.Problems(rule).Length > 0);
        });
}
