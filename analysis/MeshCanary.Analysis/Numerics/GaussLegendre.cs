using MathNet.Numerics.Integration;

namespace MeshCanary.Analysis.Numerics;

/// <summary>Points and weights of integration over an interval, in panels of 16 points. Pure and thread-safe.</summary>
internal static class GaussLegendre
{
    private const int Order = 16;

    /// <summary>Cuts [low, high] into equal panels no wider than <paramref name="widest"/>.</summary>
    public static (double[] Points, double[] Weights) Panels(double low, double high, double widest)
    {
        var panels = Math.Max(1, (int)Math.Ceiling((high - low) / widest));
        var rule = new GaussLegendreRule(-1, 1, Order);
        var (points, weights) = (new double[panels * Order], new double[panels * Order]);
        var half = (high - low) / (2 * panels);
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = low + (half * ((2 * (i / Order)) + 1 + rule.GetAbscissa(i % Order)));
            weights[i] = half * rule.GetWeight(i % Order);
        }

        return (points, weights);
    }
}
