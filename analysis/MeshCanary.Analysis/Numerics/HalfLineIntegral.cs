namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// The integral of e^L over [0, ∞) for a smooth concave L that falls from L(0) = 0: what is left of a large tail integral
/// when its first value is taken out. Double-exponential rule u = s·exp(τ − e^(−τ)) with equal steps in τ (Takahasi and Mori
/// 1974), which needs about a hundred values for full double precision. Thread-safe.
/// </summary>
internal static class HalfLineIntegral
{
    private const double Step = 1.0 / 16;
    private const double From = -3.75;
    private const double To = 6.5;

    /// <param name="log">L(u); negative infinity where the integrand ends.</param>
    /// <param name="slope">−L′(0) ≥ 0.</param>
    /// <param name="curvature">−L″(0) > 0; slope and curvature set the scale s at which L is about −1.</param>
    public static double Of(Func<double, double> log, double slope, double curvature)
    {
        var scale = 2 / (slope + Math.Sqrt((slope * slope) + (2 * curvature)));
        var sum = 0.0;
        for (var place = From; place < To; place += Step)
        {
            var fall = Math.Exp(-place);
            var u = Math.Exp(place - fall);
            var term = Math.Exp(log(scale * u)) * u * (1 + fall);
            sum += term;
            if (place > 0 && term < 1e-18 * sum)
                break;
        }

        return scale * Step * sum;
    }
}
