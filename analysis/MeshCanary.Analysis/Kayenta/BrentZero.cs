namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// A zero of a function between two points with values of different sign, by Brent's <em>zeroin</em> (Brent 1973,
/// <em>Algorithms for Minimization Without Derivatives</em>, chapter 4) in the form of R's <c>uniroot</c>: inverse quadratic
/// or linear interpolation where it converges well, bisection elsewhere, and an absolute tolerance. The order of the
/// operations is part of the result: on a step function the point it ends at depends on every one before it.
/// </summary>
internal static class BrentZero
{
    private const int Iterations = 1001;
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Returns a point within about <paramref name="tolerance"/> of a change of sign, an end when it is a zero itself.</summary>
    public static double Solve(Func<double, double> function, double low, double high, double atLow, double atHigh, double tolerance)
    {
        if (atLow == 0)
            return low;
        if (atHigh == 0)
            return high;

        // best: the best point so far; last: the one before it; across: the newest one on the other side of the zero.
        var (last, best, across) = (low, high, low);
        var (atLast, atBest, atAcross) = (atLow, atHigh, atLow);
        for (var i = 0; i < Iterations; i++)
        {
            var previous = best - last;
            if (Math.Abs(atAcross) < Math.Abs(atBest))
            {
                (last, best, across) = (best, across, best);
                (atLast, atBest, atAcross) = (atBest, atAcross, atBest);
            }

            var least = (2 * Epsilon * Math.Abs(best)) + (tolerance / 2);
            var step = (across - best) / 2;
            if (Math.Abs(step) <= least || atBest == 0)
                return best;
            if (Math.Abs(previous) >= least && Math.Abs(atLast) > Math.Abs(atBest))
            {
                var (p, q) = Interpolate(last, best, across, atLast, atBest, atAcross);
                if (p < (0.75 * (across - best) * q) - (Math.Abs(least * q) / 2) && p < Math.Abs(previous * q / 2))
                    step = p / q;
            }

            if (Math.Abs(step) < least)
                step = step > 0 ? least : -least;
            (last, atLast) = (best, atBest);
            best += step;
            atBest = function(best);
            if ((atBest > 0 && atAcross > 0) || (atBest < 0 && atAcross < 0))
                (across, atAcross) = (last, atLast);
        }

        return best;
    }

    /// <summary>The next step as p/q with p from 0 on, so that whether to take it is decided before dividing.</summary>
    private static (double P, double Q) Interpolate(double last, double best, double across, double atLast, double atBest, double atAcross)
    {
        double p, q;
        if (last == across)
        {
            var ratio = atBest / atLast;
            p = (across - best) * ratio;
            q = 1 - ratio;
        }
        else
        {
            var (r, s, t) = (atLast / atAcross, atBest / atAcross, atBest / atLast);
            p = t * (((across - best) * r * (r - s)) - ((best - last) * (s - 1)));
            q = (r - 1) * (s - 1) * (t - 1);
        }

        return p > 0 ? (p, -q) : (-p, q);
    }
}
