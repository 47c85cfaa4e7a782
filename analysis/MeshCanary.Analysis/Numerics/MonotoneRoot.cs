namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Where a monotone function changes its sign: bisection with inverse quadratic steps where they are safe (Chandrupatla
/// 1997), down to neighbouring doubles, so that no tolerance has to fit the scale of the data. Thread-safe.
/// </summary>
internal static class MonotoneRoot
{
    private const int Limit = 400;

    /// <summary>The root in [low, high]; the end with the smaller value when the sign does not change. Infinite values are allowed.</summary>
    public static double Find(Func<double, double> function, double low, double high)
    {
        var (a, b) = (high, low);
        var (fa, fb) = (function(a), function(b));
        if (Math.Sign(fa) == Math.Sign(fb) || fa == 0 || fb == 0)
            return Math.Abs(fa) < Math.Abs(fb) ? a : b;
        var part = 0.5;
        for (var turn = 0; turn < Limit; turn++)
        {
            var x = a + (part * (b - a));
            var fx = function(x);
            var (c, fc) = (a, fa);
            if (Math.Sign(fx) == Math.Sign(fa))
                (a, fa) = (x, fx);
            else
                (c, fc, b, fb, a, fa) = (b, fb, a, fa, x, fx);
            var best = Math.Abs(fa) < Math.Abs(fb) ? a : b;
            var least = 2 * (Math.BitIncrement(Math.Abs(best)) - Math.Abs(best)) / Math.Abs(b - a);
            if (fa == 0 || least >= 0.5)
                return best;
            part = Math.Clamp(Next(a, fa, b, fb, c, fc), least, 1 - least);
        }

        return Math.Abs(fa) < Math.Abs(fb) ? a : b;
    }

    private static double Next(double a, double fa, double b, double fb, double c, double fc)
    {
        var xi = (a - b) / (c - b);
        var phi = (fa - fb) / (fc - fb);
        if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi))
            return 0.5;
        var step = (fa / (fb - fa) * (fc / (fb - fc))) + ((c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb)));
        return double.IsFinite(step) ? step : 0.5;
    }
}
