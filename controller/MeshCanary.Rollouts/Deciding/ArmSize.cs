using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>How many pods an arm needs for its share of the traffic.</summary>
public static class ArmSize
{
    /// <summary>One pod tells nothing of a version: whatever is wrong with the pod would be wrong with the version.</summary>
    private const int Fewest = 2;

    /// <summary>With three, any one can be left out of the comparison.</summary>
    private const int FewestBesideThree = 3;

    /// <summary>Pods for a share.</summary>
    /// <param name="share">The share of all traffic.</param>
    /// <param name="whole">Pods that all of it needs, at least 1.</param>
    /// <returns>At least two, or three beside a workload of three or more.</returns>
    public static int For(BasisPoints share, int whole)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(whole, 1);
        var needed = (int)(((long)whole * share.Value + BasisPoints.Whole - 1) / BasisPoints.Whole);
        return Math.Max(needed, whole >= FewestBesideThree ? FewestBesideThree : Fewest);
    }

    /// <summary>The largest share that a number of ready pods serves.</summary>
    public static BasisPoints Serves(int ready, int whole)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(whole, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ready);
        return new((int)Math.Min(BasisPoints.Whole, (long)ready * BasisPoints.Whole / whole));
    }
}
