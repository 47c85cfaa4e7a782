using MathNet.Numerics.Distributions;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>What happens to the values of an arm before they are compared.</summary>
internal static class KayentaTransforms
{
    /// <summary>Missing values first, then outliers.</summary>
    public static double[] Prepare(ReadOnlySpan<double> values, KayentaRules rules)
    {
        // Nothing but gaps is no measurement of zero. The first version, which pads gaps, takes it for one.
        var isEmpty = rules.Version == KayentaVersion.V2 && RemoveMissing(values).Length == 0;
        var present = isEmpty ? [] : rules.ReplacesMissing ? ReplaceMissing(values) : RemoveMissing(values);
        return rules.OutlierFactor is { } factor ? RemoveOutliers(present, factor) : present;
    }

    public static double[] RemoveMissing(ReadOnlySpan<double> values) => Array.FindAll(values.ToArray(), value => !double.IsNaN(value));

    public static double[] ReplaceMissing(ReadOnlySpan<double> values) => Array.ConvertAll(values.ToArray(), value => double.IsNaN(value) ? 0 : value);

    /// <summary>
    /// Removes what lies strictly outside Q1 − f·IQR … Q3 + f·IQR (Tukey 1977), quartiles by R-7. With
    /// <paramref name="reducesSensitivity"/>, as the judge has it, the fences are never inside the 1st and 99th percentile.
    /// </summary>
    public static double[] RemoveOutliers(double[] values, double factor, bool reducesSensitivity = true)
    {
        if (values.Length == 0)
            return values;
        var sorted = values.Order().ToArray();
        var (first, third) = (SampleQuantile.R7(sorted, 0.25), SampleQuantile.R7(sorted, 0.75));
        var range = third - first;
        var (low, high) = (first - (factor * range), third + (factor * range));
        if (reducesSensitivity)
        {
            low = Math.Min(SampleQuantile.R7(sorted, 0.01), low);
            high = Math.Max(SampleQuantile.R7(sorted, 0.99), high);
        }

        return Array.FindAll(values, value => !(value > high || value < low));
    }

    /// <summary>
    /// The noise of the first version for two constant arms that differ: normal with standard deviation 1e-5 of the value.
    /// Kayenta draws it anew each time; here a seed decides it, so that a judgement can be repeated.
    /// </summary>
    public static double[] AddNoise(double[] values, ref ulong state)
    {
        var noisy = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            noisy[i] = values[i] + (values[i] * 1e-5 * Normal.InvCDF(0, 1, Uniform(ref state)));
        return noisy;
    }

    /// <summary>A number strictly between 0 and 1 by SplitMix64 (Steele, Lea &amp; Flood 2014).</summary>
    private static double Uniform(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (((mixed ^ (mixed >> 31)) >> 11) + 0.5) / (1UL << 53);
    }
}
