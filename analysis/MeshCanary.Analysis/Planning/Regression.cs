namespace MeshCanary.Analysis.Planning;

/// <summary>How much worse than stable a version is supposed to be.</summary>
/// <param name="ErrorIncrease">Share of requests that fail in addition, 0…1.</param>
/// <param name="LatencyFactor">Factor on every latency, at least 1; counted in whole buckets of 4.43 %.</param>
public readonly record struct Regression(double ErrorIncrease, double LatencyFactor = 1)
{
    /// <summary>A version as good as stable.</summary>
    public static Regression None { get; } = new(0);
}
