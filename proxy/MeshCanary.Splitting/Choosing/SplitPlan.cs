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
    /// <summary>Takes the weight, the rules and the salt that makes one route's hash independent of another's.</summary>
    public SplitPlan(BasisPoints canaryWeight, ImmutableArray<MatchRule> canaryRules, string salt) =>
        throw new NotSupportedException($"{canaryWeight} {canaryRules} {salt}");

    /// <summary>Chooses the arm of one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="userKey">The user key, or null (or empty) to draw at random.</param>
    /// <param name="random">64 random bits for the draw; not used when there is a key.</param>
    public Choice Choose<TRequest>(in TRequest request, string? userKey, ulong random)
        where TRequest : struct, IRequestFacts, allows ref struct => throw new NotSupportedException($"{userKey} {random}");
}
