using MathNet.Numerics.Integration;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Sizing;

/// <summary>
/// Upper tail of the noncentral t distribution: P(T &gt; t) = ∫ P(Z &gt; t·u − δ) f(u) du, where u = √(χ²_ν/ν) has the density
/// f(u) = 2·(ν/2)^(ν/2)/Γ(ν/2) · u^(ν−1)·e^(−νu²/2). Johnson and Kotz 1970, ch. 31. Integrated over v = ln u, in which a
/// fractional power of u has no corner at 0, and in three parts, because the normal tail falls from 1 to 0 within 1/t of
/// u = δ/t. Absolute error below 1e-10.
/// </summary>
internal static class NoncentralStudent
{
    private const int Panels = 16;
    private const int Order = 32;
    private const double Deviations = 12;

    /// <summary>Beyond this the normal tail is 0 or 1.</summary>
    private const double Reach = 9;

    public static double Upper(double t, double degrees, double noncentrality)
    {
        // Beyond this u does not differ from 1 in any digit that matters.
        if (degrees > 1e10)
            return NormalTail.Upper(t - noncentrality);

        // ln f relative to u = 1, and ln f(1) by Stirling's series: with many degrees ν·ln ν and ln Γ would cancel.
        var half = degrees / 2;
        var peak = Math.Log(2) + (0.5 * Math.Log(half / (2 * Math.PI))) - Stirling.Error(half);
        var low = -((Deviations / Math.Sqrt(degrees)) + (40 / degrees));
        var high = Logarithms.OnePlus(Deviations / Math.Sqrt(2 * degrees));
        var (from, to) = (low, high);
        if (t > 0)
        {
            from = Math.Clamp(Math.Log(Math.Max(0, noncentrality - Reach) / t), low, high);
            to = Math.Clamp(Math.Log((noncentrality + Reach) / t), low, high);
        }

        return Math.Clamp(Part(low, from) + Part(from, to) + Part(to, high), 0, 1);

        double Part(double start, double end)
        {
            var sum = 0.0;
            for (var panel = 0; panel < Panels && end > start; panel++)
            {
                sum += GaussLegendreRule.Integrate(
                    Density, start + ((end - start) * panel / Panels), start + ((end - start) * (panel + 1) / Panels), Order);
            }

            return sum;
        }

        double Density(double v)
        {
            var u = Math.Exp(v);
            return NormalTail.Upper((t * u) - noncentrality) * Math.Exp(peak + (degrees * v) - (half * (u - 1) * (u + 1)));
        }
    }
}
