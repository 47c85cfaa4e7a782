using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// One compared metric: its FAIL and PASS processes, the predictable rate of stable that drives both, and what people
/// are shown of it. Errors compare with margins; latency compares requests beyond a shifted edge of the canary with
/// those beyond the edge of stable, failed requests being slower than any edge.
/// </summary>
internal sealed class MetricStream
{
    private const double DisplayAlpha = 0.05;

    /// <summary>Half of the FAIL evidence bets on a regression from the first interval on, half on a later start.</summary>
    public const double FirstStart = 0.5;

    private readonly AnalysisSettings _settings;
    private readonly double? _percentile;
    private readonly EvidenceProcess _fail;
    private readonly EvidenceProcess _pass;
    private readonly StableRate _rate = new();
    private readonly StableRate _harm = new();
    private readonly DifferenceSequence _difference;
    private int _edge = -1;
    private long _canaryRequests;
    private long _canaryEvents;
    private long _canaryBeyond;

    /// <param name="settings">Settings without a problem.</param>
    /// <param name="percentile">The latency percentile, or null for errors.</param>
    public MetricStream(AnalysisSettings settings, double? percentile)
    {
        _settings = settings;
        _percentile = percentile;
        Name = percentile is { } p ? MetricNames.Latency(p) : MetricNames.Errors;
        var (tolerance, harm, phi) = percentile is null
            ? (new Margin(settings.ErrorToleranceAbsolute, settings.ErrorToleranceRelative),
                new Margin(settings.ErrorHarmAbsolute, settings.ErrorHarmRelative), settings.ErrorOverdispersion)
            : (Margin.None, Margin.None, settings.LatencyOverdispersion);
        _fail = new EvidenceProcess(Claim.Regression, tolerance, new StartPrior(FirstStart, settings.PlannedIntervals), phi);
        _pass = new EvidenceProcess(Claim.Harmless, harm, StartPrior.AtOnce, phi);
        _difference = new DifferenceSequence(phi);
    }

    public string Name { get; }

    /// <summary>ln of the FAIL e-process now.</summary>
    public double FailEvidence => _fail.LogEvidence;

    /// <summary>ln of the PASS e-process at its highest.</summary>
    public double PassEvidence => _pass.Highest;

    /// <summary>Takes edge and prior from the baseline, once it is frozen and provisionally before.</summary>
    public void Place(Baseline baseline)
    {
        if (_percentile is not { } percentile)
            _rate.Prior = _harm.Prior = baseline.ErrorPrior;
        else if (baseline.EdgeOf(percentile) is { } edge)
            (_edge, _rate.Prior, _harm.Prior) = (edge.Bucket, edge.Prior, edge.HarmShare);
    }

    /// <summary>Takes a counted interval after the baseline was frozen.</summary>
    public void Observe(IntervalSample sample)
    {
        var (canary, stable) = (sample.Canary, sample.Stable);
        var shown = Compare(canary, stable, 0);
        var beyond = Compare(canary, stable, _settings.LatencyToleranceBuckets);
        _fail.Observe(beyond, _rate.Value);
        _pass.Observe(Compare(canary, stable, _settings.LatencyHarmBuckets), _rate.Value);
        _difference.Add(shown);
        var harm = Count(stable, _settings.LatencyHarmBuckets);
        _rate.Add((long)shown.StableRequests, (long)shown.StableEvents);
        _harm.Add(harm.Requests, harm.Events);
        _canaryRequests += (long)shown.CanaryRequests;
        _canaryEvents += (long)shown.CanaryEvents;
        _canaryBeyond += (long)beyond.CanaryEvents;
    }

    /// <summary>Expected further canary requests until PASS if the canary is as good as stable.</summary>
    public double ExpectedCanaryRequests(double target, double stablePerCanary)
    {
        if (_percentile is not null && _edge < 0)
            return double.PositiveInfinity;
        var stable = _rate.Value;
        var truth = new ArmRates(_harm.Value, stable);
        return _pass.ExpectedCanaryRequests(target, truth, stablePerCanary, stable);
    }

    /// <summary>The metric's part of a verdict.</summary>
    public MetricEvidence Describe(double adjusted, bool placed)
    {
        var shown = _difference.Interval(DisplayAlpha);
        var latency = placed && _edge >= 0;
        return new MetricEvidence
        {
            Metric = Name,
            CanaryRequests = _canaryRequests,
            CanaryEvents = _canaryEvents,
            CanaryEventsBeyondTolerance = _canaryBeyond,
            StableRequests = _rate.Requests,
            StableEvents = _rate.Events,
            EdgeSeconds = latency ? LatencyBuckets.UpperEdgeSeconds(_edge) : null,
            ToleratedEdgeSeconds = latency ? LatencyBuckets.UpperEdgeSeconds(_edge + _settings.LatencyToleranceBuckets) : null,
            Difference = shown.Difference,
            DifferenceLow = shown.Low,
            DifferenceHigh = shown.High,
            FailEvidence = _fail.LogEvidence,
            AdjustedFailEvidence = adjusted,
            PassEvidence = _pass.Highest,
            AnytimeP = Math.Exp(-_fail.Highest),
            Score = Scoring.Metric(_pass.Highest, adjusted, _settings),
        };
    }

    public StreamState Save() => new()
    {
        Metric = Name,
        CanaryRequests = _canaryRequests,
        CanaryEvents = _canaryEvents,
        CanaryEventsBeyondTolerance = _canaryBeyond,
        StableRequests = _rate.Requests,
        StableEvents = _rate.Events,
        StableRequestsBeyondHarm = _harm.Requests,
        StableEventsBeyondHarm = _harm.Events,
        Fail = _fail.Save(),
        Pass = _pass.Save(),
        Difference = _difference.Save(),
    };

    public void Restore(StreamState state)
    {
        if (state.Metric != Name)
            throw new ArgumentException($"The saved state holds '{state.Metric}' where the settings have '{Name}': it belongs to other settings.", nameof(state));
        (_canaryRequests, _canaryEvents, _canaryBeyond) = (state.CanaryRequests, state.CanaryEvents, state.CanaryEventsBeyondTolerance);
        (_rate.Requests, _rate.Events) = (state.StableRequests, state.StableEvents);
        (_harm.Requests, _harm.Events) = (state.StableRequestsBeyondHarm, state.StableEventsBeyondHarm);
        _fail.Restore(state.Fail);
        _pass.Restore(state.Pass);
        _difference.Restore(state.Difference);
    }

    /// <summary>The canary beyond the edge shifted by some buckets against stable beyond the edge itself.</summary>
    private BlockCounts Compare(ArmCounts canary, ArmCounts stable, int shift)
    {
        var (c, s) = (Count(canary, shift), Count(stable, 0));
        return new BlockCounts(c.Requests, c.Events, s.Requests, s.Events);
    }

    /// <summary>
    /// Requests of an arm and the bad ones among them. For latency that is those beyond the shifted edge: failed ones,
    /// and those given up later than it; one given up earlier says nothing about this edge and is left out.
    /// </summary>
    private (long Requests, long Events) Count(ArmCounts arm, int shift)
    {
        if (_percentile is null)
            return (arm.Requests, arm.Errors);
        var givenUp = arm.GivenUp.CountAbove(_edge + shift);
        return (arm.Requests + givenUp, arm.Errors + givenUp + arm.Latency.CountAbove(_edge + shift));
    }
}
