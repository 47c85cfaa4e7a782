using System.Text;
using MeshCanary.Contracts.V1;
using SplitCondition = MeshCanary.Splitting.Rules.MatchCondition;
using SplitOperator = MeshCanary.Splitting.Rules.MatchOperator;
using SplitPart = MeshCanary.Splitting.Rules.RequestPart;
using SplitRule = MeshCanary.Splitting.Rules.MatchRule;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Turns the rules of the protocol into those that decide.</summary>
internal static class RuleTranslator
{
    public static SplitRule Translate(MatchRule rule) =>
        new([.. rule.Conditions.Select(condition => new SplitCondition(
            Part(condition.Part), condition.Name, Operator(condition.Operator), Value(condition)))]);

    // Headers are read a character per byte, and what people write in a rule goes over the wire as UTF-8.
    private static string Value(Condition condition) => condition.Part is Condition.Types.Part.Header or Condition.Types.Part.Cookie
        && condition.Operator != Condition.Types.Operator.Regex
        ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(condition.Value))
        : condition.Value;

    // A value that this build does not know becomes one that the validator refuses by name.
    private static SplitPart Part(Condition.Types.Part part) => part switch
    {
        Condition.Types.Part.Header => SplitPart.Header,
        Condition.Types.Part.Cookie => SplitPart.Cookie,
        Condition.Types.Part.Query => SplitPart.Query,
        Condition.Types.Part.Path => SplitPart.Path,
        Condition.Types.Part.Method => SplitPart.Method,
        _ => (SplitPart)(-1 - (int)part),
    };

    private static SplitOperator Operator(Condition.Types.Operator @operator) => @operator switch
    {
        Condition.Types.Operator.Exact => SplitOperator.Exact,
        Condition.Types.Operator.Prefix => SplitOperator.Prefix,
        Condition.Types.Operator.Present => SplitOperator.Present,
        Condition.Types.Operator.Regex => SplitOperator.Regex,
        _ => (SplitOperator)(-1 - (int)@operator),
    };
}
