namespace MeshCanary.Analysis.Sequential.Bands;

/// <summary>The greatest gap of two empirical distribution functions.</summary>
/// <param name="Gap">F_stable − F_canary where it is greatest in size, in [−1, 1]; above 0 the canary's values are larger there.</param>
/// <param name="Bucket">Index of the bucket at whose upper edge it is; −1 when there is none.</param>
/// <param name="Allowed">Size up to which it may be chance at any time; infinite with too few values.</param>
public readonly record struct BandGap(double Gap, int Bucket, double Allowed)
{
    /// <summary>Whether the distributions are proven to differ.</summary>
    public bool IsDifferent => Math.Abs(Gap) > Allowed;
}
