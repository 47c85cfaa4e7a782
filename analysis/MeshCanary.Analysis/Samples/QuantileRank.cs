namespace MeshCanary.Analysis.Samples;

/// <summary>Sampling error of a quantile in ranks.</summary>
internal static class QuantileRank
{
    /// <summary>
    /// Shares between which the rank of the true quantile lies with the confidence that <paramref name="z"/> stands for:
    /// Wilson's score limits (1927) of the share, read as ranks (Woodruff 1952, JASA 47:635).
    /// </summary>
    public static (double Low, double High) Limits(double share, double total, double z)
    {
        var scale = z * z / total;
        var centre = (share + (scale / 2)) / (1 + scale);
        var radius = z / (1 + scale) * Math.Sqrt((share * (1 - share) / total) + (scale / (4 * total)));
        return (Math.Max(0, centre - radius), Math.Min(1, centre + radius));
    }

    /// <summary>The normal quantile of a two-sided confidence level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not inside (0, 1).</exception>
    public static double Deviations(double confidence)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence level is inside (0, 1).");
        return MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + (confidence / 2));
    }
}
