using System.Collections.Immutable;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Choosing;

/// <summary>
/// How one route splits its requests. Rules come first; then each request has a point in [0, 10000), and the canary
/// owns the points below its weight, so a higher weight never moves a user back. Immutable and thread-safe; choosing
/// allocates nothing.
/// </summary>
public sealed class SplitPlan
{
    private readonly int _canaryEnd;
    private readonly ImmutableArray<RuleMatcher> _canaryRules;
    private readonly ulong _seed;

    /// <summary>Takes the weight, the rules and the salt that makes one route's hash independent of another's.</summary>
    /// <param name="canaryWeight">The canary's share of what no rule decides.</param>
    /// <param name="canaryRules">A request for which any of these holds goes to the canary, whatever the weight.</param>
    /// <param name="salt">Constant for the life of the route, since a new salt deals all users anew.</param>
    /// <exception cref="ArgumentException">A rule is invalid; <see cref="MatchRuleValidator"/> says beforehand.</exception>
    public SplitPlan(BasisPoints canaryWeight, ImmutableArray<MatchRule> canaryRules, string salt)
    {
        ArgumentNullException.ThrowIfNull(salt);

        _canaryEnd = canaryWeight.Value;
        ImmutableArray<MatchRule> rules = canaryRules.IsDefault ? [] : canaryRules;
        _seed = DrawPoint.SeedOf(salt);

        var problems = rules.SelectMany(rule => MatchRuleValidator.Problems(rule)).ToArray();
        if (problems.Length > 0)
            throw new ArgumentException($"Invalid match rule: {string.Join(' ', problems)}", nameof(canaryRules));
        _canaryRules = [.. rules.Select(rule => new RuleMatcher(rule))];
    }

    /// <summary>Chooses the arm of one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="userKey">The user key, or null (or empty) to draw at random.</param>
    /// <param name="random">64 random bits for the draw; not used when there is a key.</param>
    public Choice Choose<TRequest>(in TRequest request, string? userKey, ulong random)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        foreach (var rule in _canaryRules)
        {
            if (rule.Holds(in request))
                return new Choice(Arm.Canary, ChoiceReason.Rule);
        }

        return string.IsNullOrEmpty(userKey)
            ? new Choice(ArmAt(DrawPoint.OfBits(random)), ChoiceReason.Draw)
            : new Choice(ArmAt(DrawPoint.OfKey(userKey, _seed)), ChoiceReason.Key);
    }

    private Arm ArmAt(int point) => point < _canaryEnd ? Arm.Canary : Arm.Stable;
}
