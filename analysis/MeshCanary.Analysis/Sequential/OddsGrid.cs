namespace MeshCanary.Analysis.Sequential;

/// <summary>The odds ratios that an e-process mixes over, with equal weights: from barely visible to thirtyfold.</summary>
public static class OddsGrid
{
    private static readonly double[] Ratios = [1.05, 1.1, 1.2, 1.35, 1.6, 2, 3, 5, 10, 30];

    /// <summary>The odds ratios, rising.</summary>
    public static ReadOnlySpan<double> Values => Ratios;

    /// <summary>Number of odds ratios.</summary>
    public static int Count => Ratios.Length;

    /// <summary>Weight of one odds ratio.</summary>
    public static double Weight => 1.0 / Ratios.Length;

    internal static double LogWeight { get; } = -Math.Log(Ratios.Length);
}
