using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>
/// The comparison in one metric: its FAIL and PASS processes, the predictable rate of the arm compared with that drives
/// both, and what people are shown of it.
/// </summary>
internal sealed class MetricStream
{
    private const double DisplayAlpha = 0.05;

    private readonly AnalysisSettings _settings;
    private readonly EvidenceProcess _fail;
    private readonly EvidenceProcess _pass;
    private readonly StableRate _rate = new();
    private readonly StableRate _harm = new();
    private readonly DifferenceSequence _difference = new();
    private readonly SecondOpinion _opinion;
    private Tally _canary;
    private long _canaryBeyond;

    /// <param name="settings">Settings without a problem.</param>
    /// <param name="metric">What is compared.</param>
    public MetricStream(AnalysisSettings settings, ComparedMetric metric)
    {
        (_settings, Metric) = (settings, metric);
        _fail = metric.NewFailProcess();
        _pass = new EvidenceProcess(Claim.Harmless, metric.Harm, StartPrior.AtOnce);
        _opinion = new SecondOpinion(metric.Tolerance.Margin);
    }

    /// <summary>What is compared.</summary>
    public ComparedMetric Metric { get; }

    /// <summary>The FAIL process.</summary>
    public EvidenceProcess Fail => _fail;

    /// <summary>ln of the PASS e-process at its highest.</summary>
    public double PassEvidence => _pass.Highest;

    /// <summary>The rate of bad requests in the arm compared with, as known before the next interval.</summary>
    public double Rate => _rate.Value;

    /// <summary>Takes edge and prior from the baseline, once it is frozen and provisionally before.</summary>
    public void Place(Baseline baseline)
    {
        Metric.Place(baseline);
        (_rate.Prior, _harm.Prior, _pass.Margin) = (Metric.Prior, Metric.HarmPrior, Metric.Harm);
    }

    /// <summary>Takes a counted interval after the baseline was frozen.</summary>
    public void Observe(in ComparedArms arms, TimeSpan length)
    {
        var stable = Metric.Bad(arms.Stable);
        var canary = Metric.Bad(arms.Canary);
        var beyond = Metric.BeyondTolerance(arms.Canary);
        var shown = Block(canary, stable);
        var noise = Metric.Noise.Value;
        _fail.Observe(Block(beyond, stable), _rate.Value, noise);
        _pass.Observe(Block(Metric.BeyondHarm(arms.Canary), stable), _rate.Value, noise);
        _difference.Add(shown, noise);
        _opinion.Observe(beyond, stable, length);
        var harm = Metric.BeyondHarm(arms.Stable);
        _rate.Add(stable.Requests, stable.Events);
        _harm.Add(harm.Requests, harm.Events);
        _canary += canary;
        _canaryBeyond += beyond.Events;
    }

    /// <summary>Expected further canary requests until PASS if the canary is as good as stable.</summary>
    public double ExpectedCanaryRequests(double target, double stablePerCanary)
    {
        if (Metric is { IsLatency: true, IsPlaced: false })
            return double.PositiveInfinity;
        var stable = _rate.Value;
        var truth = new ArmRates(_harm.Value, stable);
        return _pass.ExpectedCanaryRequests(target, truth, stablePerCanary, stable, Metric.Noise.Value);
    }

    /// <summary>The metric's part of a verdict.</summary>
    public MetricEvidence Describe(double adjusted, bool placed)
    {
        var shown = _difference.Interval(DisplayAlpha);
        return new MetricEvidence
        {
            Metric = Metric.Name,
            CanaryRequests = _canary.Requests,
            CanaryEvents = _canary.Events,
            CanaryEventsBeyondTolerance = _canaryBeyond,
            StableRequests = _rate.Requests,
            StableEvents = _rate.Events,
            EdgeSeconds = placed ? Metric.EdgeSeconds : null,
            ToleratedEdgeSeconds = placed ? Finite(Metric.ToleratedEdgeSeconds) : null,
            HarmEdgeSeconds = placed ? Metric.HarmEdgeSeconds : null,
            Difference = shown.Difference,
            DifferenceLow = shown.Low,
            DifferenceHigh = shown.High,
            Overdispersion = Metric.Noise.Value,
            FailEvidence = _fail.LogEvidence,
            AdjustedFailEvidence = adjusted,
            PassEvidence = _pass.Highest,
            AnytimeP = Math.Exp(-_fail.Highest),
            SecondOpinion = _opinion.LogEvidence,
            Score = Scoring.Metric(_pass.Highest, adjusted, _settings),
        };
    }

    public StreamState Save() => new()
    {
        Metric = Metric.Name,
        CanaryRequests = _canary.Requests,
        CanaryEvents = _canary.Events,
        CanaryEventsBeyondTolerance = _canaryBeyond,
        StableRequests = _rate.Requests,
        StableEvents = _rate.Events,
        StableRequestsBeyondHarm = _harm.Requests,
        StableEventsBeyondHarm = _harm.Events,
        Fail = _fail.Save(),
        Pass = _pass.Save(),
        Difference = _difference.Save(),
        Opinion = _opinion.Save(),
    };

    public void Restore(StreamState state)
    {
        if (state.Metric != Metric.Name)
            throw new ArgumentException($"The saved state holds '{state.Metric}' where the settings have '{Metric.Name}': it belongs to other settings.", nameof(state));
        (_canary, _canaryBeyond) = (new Tally(state.CanaryRequests, state.CanaryEvents), state.CanaryEventsBeyondTolerance);
        (_rate.Requests, _rate.Events) = (state.StableRequests, state.StableEvents);
        (_harm.Requests, _harm.Events) = (state.StableRequestsBeyondHarm, state.StableEventsBeyondHarm);
        _fail.Restore(state.Fail);
        _pass.Restore(state.Pass);
        _difference.Restore(state.Difference);
        _opinion.Restore(state.Opinion ?? throw new ArgumentException($"The saved state of {Metric.Name} lacks its second opinion.", nameof(state)));
    }

    /// <summary>A block of two tallies.</summary>
    public static BlockCounts Block(Tally canary, Tally stable) => new(canary.Requests, canary.Events, stable.Requests, stable.Events);

    private static double? Finite(double? seconds) => seconds is { } known && double.IsFinite(known) ? known : null;
}
