using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Planning;

/// <summary>
/// Requests and time until a verdict, before a run has begun: Wald's approximation for the FAIL and the PASS processes of
/// every metric with the edges that the judge would choose. Within some 30 % of simulation; what a step cannot detect it says, too.
/// Immutable and thread-safe.
/// </summary>
public sealed class VerdictForecaster
{
    /// <summary>Longer than this is as good as never.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const int MostBuckets = 4 * LatencyBuckets.PerOctave;

    private readonly AnalysisSettings _settings;
    private readonly TrafficForecast _traffic;
    private readonly PlanTiming _timing;
    private readonly Baseline _baseline;

    /// <summary>Forecasts for one service under one set of settings.</summary>
    /// <exception cref="ArgumentException">A setting, the traffic or the timing is outside its range; the message says which.</exception>
    public VerdictForecaster(AnalysisSettings settings, TrafficForecast traffic, PlanTiming timing)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(traffic);
        if (settings.Validate() is [var problem, ..])
            throw new ArgumentException($"{problem.Setting} {problem.Message}", nameof(settings));
        if (!(traffic.RequestsPerSecond > 0 && double.IsFinite(traffic.RequestsPerSecond)))
            throw new ArgumentException($"{traffic.RequestsPerSecond} requests per second; a plan needs a rate above 0.", nameof(traffic));
        if (!(traffic.StableErrorRate is >= 0 and < 1))
            throw new ArgumentException($"A stable error rate of {traffic.StableErrorRate}; it is a share from 0 to below 1.", nameof(traffic));
        if (timing.Interval <= TimeSpan.Zero || timing.Warmup < TimeSpan.Zero)
            throw new ArgumentException($"An interval of {timing.Interval} after a warm-up of {timing.Warmup}; the first must be above zero and the second not below.", nameof(timing));
        (_settings, _traffic, _timing) = (settings, traffic, timing);

        // What is expected speaks here, not what was measured lately: only φ comes from a calibration.
        _baseline = new Baseline(settings with { Calibration = null }, new BucketGrid(settings.LatencyBoundaries));
        var successes = traffic.StableLatency.Total;
        _baseline.Add(new ArmCounts
        {
            Errors = (long)Math.Round(successes * traffic.StableErrorRate / (1 - traffic.StableErrorRate)),
            Latency = traffic.StableLatency,
        });
    }

    /// <summary>The percentiles that can be planned for: those of the settings, or none without latencies.</summary>
    public IReadOnlyList<double> Percentiles => _traffic.StableLatency.Total == 0 ? [] : _settings.LatencyPercentiles;

    /// <summary>The traffic it was made for.</summary>
    public TrafficForecast Traffic => _traffic;

    /// <summary>Expected canary requests until a rollback at a canary share (0…1); infinite when the regression is tolerated.</summary>
    public double RequestsToFail(double share, Regression regression)
    {
        var fewest = FailOnErrors(share, regression.ErrorIncrease);
        foreach (var percentile in Percentiles)
            fewest = Math.Min(fewest, FailOnLatency(share, percentile, regression));
        return fewest;
    }

    /// <summary>Expected canary requests until a Pass of a version as good as stable; infinite when there is none.</summary>
    public double RequestsToPass(double share)
    {
        var rate = _traffic.StableErrorRate;
        var harm = new Margin(_settings.ErrorHarmAbsolute, _settings.ErrorHarmRelative);
        var most = Pass(share, harm, new ArmRates(rate, rate), DetectionTerms.ForErrors(_settings).Overdispersion);
        foreach (var percentile in Percentiles)
        {
            if (EdgeOf(percentile) is { } edge)
                most = Math.Max(most, Pass(share, edge.HarmMargin, new ArmRates(edge.HarmShare, edge.Prior), DetectionTerms.ForLatency(_settings, percentile).Overdispersion));
        }

        return Math.Max(most, _settings.MinimumCanaryRequests);
    }

    /// <summary>Expected time until a rollback, in whole intervals; null when it is longer than <see cref="Longest"/>.</summary>
    public TimeSpan? TimeToFail(double share, Regression regression) => Time(share, RequestsToFail(share, regression), _settings.MinimumIntervals);

    /// <summary>Expected time until a Pass of a version as good as stable, the warm-up not counted; null as above.</summary>
    public TimeSpan? TimeToPass(double share) => Time(share, RequestsToPass(share), 1);

    /// <summary>The smallest rise of the error rate that is expected to be rolled back within a time; null when not even total failure is.</summary>
    public double? SmallestErrorIncrease(double share, TimeSpan within)
    {
        bool Seen(double increase) => Time(share, FailOnErrors(share, increase), _settings.MinimumIntervals) <= within;
        var (low, high) = (0.0, 1 - _traffic.StableErrorRate);
        if (!Seen(high))
            return null;
        while (high - low > 1e-6)
        {
            var middle = (low + high) / 2;
            (low, high) = Seen(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    /// <summary>The smallest factor on all latencies that a percentile is expected to roll back within a time; null when not even sixteenfold is.</summary>
    public double? SmallestLatencyFactor(double share, double percentile, TimeSpan within)
    {
        for (var buckets = Tolerated(percentile) + 1; buckets <= MostBuckets; buckets++)
        {
            var factor = Factor(buckets);
            if (Time(share, FailOnLatency(share, percentile, new Regression(0, factor)), _settings.MinimumIntervals) <= within)
                return factor;
        }

        return null;
    }

    internal static double Factor(int buckets) => Math.Pow(2, (double)buckets / LatencyBuckets.PerOctave);

    private LatencyEdge? EdgeOf(double percentile) => _baseline.EdgeOf(percentile, Tolerated(percentile), _settings.LatencyHarmBuckets);

    // What the judge will use: a strict margin is replaced where the noise is not known.
    private int Tolerated(double percentile) => Tolerance.OfLatency(_settings, MetricNames.Latency(percentile)).Buckets;

    private static double StablePerCanary(double share) => share is > 0 and < 1 ? (1 - share) / share : 0;

    private double FailOnErrors(double share, double increase)
    {
        var rate = _traffic.StableErrorRate;
        return DetectionPlan.ExpectedCanaryRequests(Tolerance.OfErrors(_settings).Margin, new ArmRates(Math.Min(1, rate + increase), rate), StablePerCanary(share), DetectionTerms.ForErrors(_settings));
    }

    private double FailOnLatency(double share, double percentile, Regression regression)
    {
        if (EdgeOf(percentile) is not { } edge)
            return double.PositiveInfinity;
        var shift = (int)Math.Round(Math.Log2(Math.Max(1, regression.LatencyFactor)) * LatencyBuckets.PerOctave);
        var failed = Math.Min(1, _traffic.StableErrorRate + regression.ErrorIncrease);
        var slow = (double)_traffic.StableLatency.CountAbove(edge.Tolerated - shift) / _traffic.StableLatency.Total;
        var truth = new ArmRates(failed + ((1 - failed) * slow), edge.Prior);
        return DetectionPlan.ExpectedCanaryRequests(Margin.None, truth, StablePerCanary(share), DetectionTerms.ForLatency(_settings, percentile));
    }

    // The fastest of the grid's alternatives carries the mixture; it pays its weight in the grid and no start prior.
    private double Pass(double share, Margin margin, ArmRates truth, double overdispersion)
    {
        var stablePerCanary = StablePerCanary(share);
        if (stablePerCanary <= 0)
            return double.PositiveInfinity;
        var process = new EvidenceProcess(Claim.Harmless, margin, StartPrior.AtOnce);
        return process.ExpectedCanaryRequests(-Math.Log(_settings.FalsePromotionRate), truth, stablePerCanary, truth.Stable, overdispersion);
    }

    private TimeSpan? Time(double share, double canaryRequests, int intervals)
    {
        var interval = _timing.Interval.TotalSeconds;
        var needed = Math.Max(intervals, Math.Ceiling(canaryRequests / _traffic.At(share).CanaryPerSecond / interval));
        return needed * interval <= Longest.TotalSeconds ? needed * _timing.Interval : null;
    }
}
