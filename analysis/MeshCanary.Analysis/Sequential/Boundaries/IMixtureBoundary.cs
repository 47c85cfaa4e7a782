namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// A curve that a sum S with intrinsic time V stays below for ever, with a chosen probability: the level set of a mixture
/// supermartingale m(S, V) with m(0, 0) = 1, so that P(m ever reaches 1/α) ≤ α (Ville 1939). Howard, Ramdas, McAuliffe
/// and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Stat. 49:1055.
/// Implementations are immutable and thread-safe.
/// </summary>
public interface IMixtureBoundary
{
    /// <summary>
    /// ln m(S, V), an e-process in natural logarithms.
    /// </summary>
    /// <param name="sum">S, in the units of the data; NaN gives NaN.</param>
    /// <param name="variance">V ≥ 0, in squared units of the data.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is negative, infinite or NaN.</exception>
    double LogSupermartingale(double sum, double variance);

    /// <summary>The S > 0 at which m(S, V) = 1/α: P(there is a time with S ≥ bound) ≤ α.</summary>
    /// <param name="variance">V ≥ 0, in squared units of the data.</param>
    /// <param name="alpha">Inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    double Bound(double variance, double alpha);
}
