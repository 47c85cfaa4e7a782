using System.Collections.Immutable;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>The weights of one rule's backends, some of which are shared by two arms. Immutable.</summary>
/// <param name="Shares">Of each backend what stable gets, or it keeps where it is not shared, and what the canary gets.</param>
/// <param name="IsFaithful">Whether the canary's share is right to a hundredth of itself, which great weights of other backends can prevent.</param>
internal sealed record WeightShares(ImmutableArray<(long Kept, long Canary)> Shares, bool IsFaithful)
{
    /// <summary>The largest weight that the API takes.</summary>
    public const long Largest = 1_000_000;

    private const int Whole = 10_000;

    /// <summary>Shares weights: backends keep their proportion to each other exactly, and the arms share what theirs had.</summary>
    /// <param name="backends">Weights in their order, and which of them are shared.</param>
    /// <param name="canary">The canary's share, in basis points.</param>
    public static WeightShares Of(IReadOnlyList<(long Weight, bool IsShared)> backends, int canary)
    {
        // Alone, the arms' weights are basis points, which people can read.
        if (backends is [{ Weight: > 0, IsShared: true }])
            return new([(Whole - canary, canary)], true);
        var exact = backends.Select(one => one.IsShared ? (one.Weight * (Whole - canary), one.Weight * canary) : (one.Weight * Whole, 0)).ToArray();
        var common = Math.Max(1, exact.Aggregate(0L, (divisor, share) => Divisor(Divisor(divisor, share.Item1), share.Item2)));
        if (exact.All(share => Math.Max(share.Item1, share.Item2) / common <= Largest))
            return new([.. exact.Select(share => (share.Item1 / common, share.Item2 / common))], true);
        return Rounded(backends, canary);
    }

    // Weights so great that the API has no room below them: the arms share as near as there is room.
    private static WeightShares Rounded(IReadOnlyList<(long Weight, bool IsShared)> backends, int canary)
    {
        var factor = Math.Max(1, Largest / backends.Max(one => one.Weight));
        var isFaithful = true;
        var shares = backends.Select(one =>
        {
            var all = one.Weight * factor;
            if (!one.IsShared)
                return (all, 0L);
            var wanted = (decimal)all * canary / Whole;
            var given = (long)Math.Round(wanted, MidpointRounding.AwayFromZero);
            isFaithful &= Math.Abs(given - wanted) * 100 <= Math.Min(wanted, all - wanted);
            return (all - given, given);
        });
        return new([.. shares], isFaithful);
    }

    private static long Divisor(long one, long other) => other == 0 ? one : Divisor(other, one % other);
}
