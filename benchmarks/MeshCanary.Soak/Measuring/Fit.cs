namespace MeshCanary.Soak.Measuring;

/// <summary>A straight line through samples, by least squares.</summary>
internal static class Fit
{
    /// <summary>How much y rises for each x; 0 for samples that are too few or all of one x.</summary>
    public static double Slope(IReadOnlyCollection<(double X, double Y)> samples)
    {
        if (samples.Count < 2)
            return 0;
        var (meanX, meanY) = (samples.Average(sample => sample.X), samples.Average(sample => sample.Y));
        var spread = samples.Sum(sample => (sample.X - meanX) * (sample.X - meanX));
        return spread == 0 ? 0 : samples.Sum(sample => (sample.X - meanX) * (sample.Y - meanY)) / spread;
    }
}
