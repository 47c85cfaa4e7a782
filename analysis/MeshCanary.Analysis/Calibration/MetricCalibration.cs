namespace MeshCanary.Analysis.Calibration;

/// <summary>How much more one metric of a service varies than independent requests would.</summary>
public sealed record MetricCalibration
{
    /// <summary><c>errors</c>, or <c>latencyP50</c>, <c>latencyP99.9</c> and so on.</summary>
    public required string Metric { get; init; }

    /// <summary>
    /// φ ≥ 1 from stable-versus-stable batch means, corrected for their number (<see cref="PhiEstimate"/>); divides ln e.
    /// </summary>
    public required double Overdispersion { get; init; }

    /// <summary>Blocks of one minute it rests on: those that say something, with at least one bad event and one good.</summary>
    public required int Blocks { get; init; }

    /// <summary>Blocks of one minute in which both halves served requests, with or without a bad event.</summary>
    public int ComparedBlocks { get; init; }

    /// <summary>φ as measured, without the correction for few batches; 1 when not known.</summary>
    public double Uncorrected { get; init; } = 1;

    /// <summary>Upper 95 % confidence bound of φ; null with fewer than 12 informative blocks.</summary>
    public double? UpperBound { get; init; }

    /// <summary>Longest batch in minutes that there were enough of: slower noise is not in φ. 0 when there was none.</summary>
    public int LongestBatchMinutes { get; init; }

    /// <summary>
    /// φ over batches of <see cref="LongestBatchMinutes"/> divided by φ over one minute: about 1 when minutes are independent.
    /// </summary>
    public double Persistence { get; init; } = 1;

    /// <summary>Mean requests a half and minute that φ was measured at (harmonic mean of the halves); 0 when not known.</summary>
    public double BlockRequests { get; init; }

    /// <summary>The newest latency edge it was measured at, in seconds; null for errors.</summary>
    public double? EdgeSeconds { get; init; }

    /// <summary>
    /// φ at another traffic. The excess over 1 that comes from bad minutes grows in proportion to the requests:
    /// 1 + (φ − 1)·max(1, requests/<see cref="BlockRequests"/>). Never less than measured, because the excess that comes from
    /// clusters of requests does not shrink with traffic.
    /// </summary>
    /// <param name="blockRequests">Requests an arm and minute: the harmonic mean 2·n1·n2/(n1 + n2) of the two arms. Anything not above zero counts as measured.</param>
    public double OverdispersionAt(double blockRequests) =>
        BlockRequests > 0 && blockRequests > BlockRequests && double.IsFinite(blockRequests)
            ? 1 + ((Overdispersion - 1) * (blockRequests / BlockRequests))
            : Overdispersion;
}
