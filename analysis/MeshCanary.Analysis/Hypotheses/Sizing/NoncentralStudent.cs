using MathNet.Numerics.Integration;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Sizing;

/// <summary>
/// Upper tail of the noncentral t distribution: P(T &gt; t) = ∫ P(Z &gt; t·u − δ) f(u) du, where u = √(χ²_ν/ν) has the density
/// f(u) = 2·(ν/2)^(ν/2)/Γ(ν/2) · u^(ν−1)·e^(−νu²/2). Johnson and Kotz 1970, ch. 31. Absolute error below 1e-10.
/// </summary>
internal static class NoncentralStudent
{
    private const int Panels = 24;
    private const int Order = 32;
    private const double Deviations = 12;

    public static double Upper(double t, double degrees, double noncentrality)
    {
        // Beyond this u does not differ from 1 in any digit that matters.
        if (degrees > 1e10)
            return NormalTail.Upper(t - noncentrality);
        // ln f relative to u = 1, and ln f(1) by Stirling's series: with many degrees ν·ln ν and ln Γ would cancel.
        var half = degrees / 2;
        var peak = Math.Log(2) + (0.5 * Math.Log(half / (2 * Math.PI))) - Stirling.Error(half);
        var spread = Deviations / Math.Sqrt(2 * degrees);
        var low = Math.Max(-1, -spread);
        var sum = 0.0;
        for (var panel = 0; panel < Panels; panel++)
        {
            var (from, to) = (low + ((spread - low) * panel / Panels), low + ((spread - low) * (panel + 1) / Panels));
            sum += GaussLegendreRule.Integrate(
                off => NormalTail.Upper((t * (1 + off)) - noncentrality) * Math.Exp(peak + ((degrees - 1) * Logarithms.OnePlus(off)) - (half * off * (2 + off))), from, to, Order);
        }

        return Math.Clamp(sum, 0, 1);
    }
}
