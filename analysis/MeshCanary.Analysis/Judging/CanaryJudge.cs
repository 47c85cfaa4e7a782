using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Judging.Endpoints;
using MeshCanary.Analysis.Judging.Environment;
using MeshCanary.Analysis.Judging.Noise;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// The judge of one run: interval counts in, verdict out. Deterministic: the same settings and samples give the same
/// bits. Not thread-safe; one run, one caller at a time.
/// </summary>
/// <remarks>
/// Verdicts in order of precedence: a blown guard is Fail; a broken split, or arms that differ by more than the version,
/// is Invalid; a proven regression is Inconclusive when it comes from one endpoint, and Fail when not; every metric proven
/// harmless is Pass; anything else is NotEnoughData. A blown guard and an Invalid stay.
/// </remarks>
public sealed class CanaryJudge
{
    private readonly AnalysisSettings _settings;
    private readonly Baseline _baseline;
    private readonly ComparedMetric[] _metrics;
    private readonly MetricStream[] _streams;
    private readonly CustomStreams _custom;
    private readonly GlobalEvidence _global;
    private readonly EndpointWatches _endpoints;
    private readonly EnvironmentWatch _environment;
    private readonly StableNoise _noise;
    private readonly GuardFuse[] _guards;
    private readonly SampleRatioTest _ratio;
    private readonly TrafficMeter _traffic = new();
    private readonly ImmutableArray<string> _caveats;
    private KayentaEvaluation? _kayenta;
    private int _intervals;
    private long _canaryRequests;
    private long _stableRequests;
    private bool _isThreeWay;
    private bool _lacksUsers;

    /// <summary>A judge that has seen nothing.</summary>
    /// <exception cref="ArgumentException">Settings are outside their range; the message names each of them.</exception>
    public CanaryJudge(AnalysisSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var problems = settings.Validate();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(' ', problems.Select(problem => $"{problem.Setting} {problem.Message}")), nameof(settings));
        _settings = settings;
        var grid = new BucketGrid(settings.LatencyBoundaries);
        _baseline = new Baseline(settings, grid);
        _metrics = [new ComparedMetric(settings, grid, null), .. settings.LatencyPercentiles.Select(percentile => new ComparedMetric(settings, grid, percentile))];
        _streams = Array.ConvertAll(_metrics, metric => new MetricStream(settings, metric));
        _custom = new CustomStreams(settings);
        _global = new GlobalEvidence(settings, _streams, _custom);
        _endpoints = new EndpointWatches(_streams, _global);
        _environment = new EnvironmentWatch(_metrics, _global.Weights, -Math.Log(settings.FalseRollbackRate), settings.EnvironmentSettling);
        _noise = new StableNoise(settings, _metrics);
        _guards = [.. settings.Guards.Select(guard => new GuardFuse(guard))];
        _ratio = new SampleRatioTest(settings.SampleRatioAlpha);
        _caveats = settings.Kayenta is null ? Caveats.OfSettings(settings, _metrics) : [];
        _kayenta = settings.Kayenta is { } kayenta ? new KayentaEvaluation(kayenta) : null;
        if (_baseline.IsFrozen)
            Place();
    }

    /// <summary>End of the last interval taken: a caller that repeats itself after a crash skips what is not later.</summary>
    public DateTimeOffset? LastEnd { get; private set; }

    /// <summary>A judge that goes on where <see cref="Save"/> left off, with its error budget as spent so far.</summary>
    /// <exception cref="ArgumentException">The settings are wrong, or the state belongs to other settings or versions.</exception>
    public static CanaryJudge Restore(AnalysisSettings settings, JudgeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var judge = new CanaryJudge(settings);
        judge.Load(state);
        return judge;
    }

    /// <summary>Takes an interval of the warm-up: guards, sample ratio and baseline learn from it, the comparisons do not.</summary>
    /// <exception cref="ArgumentException">The sample contradicts itself.</exception>
    public void Warm(IntervalSample sample)
    {
        SampleCheck.Require(sample);
        Watch(sample, ComparedArms.Of(sample, _settings.Unit));
        Ask(sample);

        // The whole warm-up teaches the baseline: its first moments, in which a new version connects and a scheduler
        // moves things about, are the least like what follows.
        if (!_baseline.IsFrozen)
            Learn(sample);
        else
            _noise.Observe(sample);
    }

    /// <summary>
    /// Takes a counted interval. While the baseline still learns (see
    /// <see cref="AnalysisSettings.MinimumBaselineRequests"/>) it feeds that instead of the comparisons.
    /// </summary>
    /// <exception cref="ArgumentException">The sample contradicts itself.</exception>
    public void Observe(IntervalSample sample)
    {
        SampleCheck.Require(sample);
        var arms = ComparedArms.Of(sample, _settings.Unit);
        Watch(sample, arms);
        _intervals++;
        _canaryRequests += arms.Canary.Attempts;
        _stableRequests += arms.Stable.Attempts;
        Ask(sample);
        if (_kayenta is not null)
        {
            _kayenta.Observe(sample);
            return;
        }

        if (!_baseline.IsReady)
        {
            Learn(sample);
            return;
        }

        _baseline.Freeze();

        // Each takes what the one after it knew before this interval.
        if (_settings.Unit == ComparisonUnit.Requests)
            _endpoints.Observe(sample, arms);
        _environment.Observe(sample);
        foreach (var stream in _streams)
            stream.Observe(arms, sample.End - sample.Start);
        _global.Update();
        _noise.Observe(sample);
    }

    /// <summary>The verdict on all intervals so far.</summary>
    public Verdict Assess()
    {
        var metrics = ImmutableArray.CreateBuilder<MetricEvidence>(_streams.Length);
        for (var m = 0; m < _streams.Length && _kayenta is null; m++)
            metrics.Add(_streams[m].Describe(_global.Adjusted[m], _baseline.IsReady));
        var suspect = _global.Highest >= -Math.Log(_settings.FalseRollbackRate) ? _endpoints.Suspect(-Math.Log(_settings.FalseRollbackRate)) : null;
        var facts = new AssessmentFacts
        {
            Settings = _settings,
            Metrics = metrics.ToImmutable(),
            Kayenta = _kayenta?.Assess(),
            Custom = _custom.Describe(LastEnd, _global.CustomWeights, _global.CustomAdjusted),
            CustomBreaches = _custom.Breaches,
            Breaches = [.. _guards.Where(guard => guard.Breach is not null).Select(guard => guard.Breach!)],
            SplitFault = _ratio.Fault,
            EnvironmentFault = _environment.Fault,
            EnvironmentEvidence = _environment.Evidence,
            Suspect = suspect,
            Caveats = CaveatsNow(suspect),
            IsThreeWay = _isThreeWay,
            LacksUsers = _lacksUsers,
            SampleRatioEvidence = _ratio.LogEvidence,
            FailEvidence = _global.LogEvidence,
            HighestFailEvidence = _global.Highest,
            Intervals = _intervals,
            CanaryRequests = _canaryRequests,
            StableRequests = _stableRequests,
            BaselineRequests = _baseline.IsReady || _kayenta is not null ? null : _baseline.Requests,
            Traffic = _traffic,
        };
        return Assessment.Conclude(facts, _global.Weights, _kayenta is null && facts.Waiting is null ? PassForecast.Eta(facts, _streams) : null);
    }

    /// <summary>The whole state, small and serialisable.</summary>
    public JudgeState Save() => new()
    {
        Intervals = _intervals,
        CanaryRequests = _canaryRequests,
        StableRequests = _stableRequests,
        LastEnd = LastEnd,
        Baseline = _baseline.Save(),
        Streams = [.. _streams.Select(stream => stream.Save())],
        Global = _global.Save(),
        Guards = [.. _guards.Select(guard => guard.Save())],
        SampleRatio = _ratio.Save(),
        Traffic = _traffic.Save(),
        Endpoints = _endpoints.Save(),
        Environment = _environment.Save(),
        Noise = _noise.Save(),
        Kayenta = _kayenta?.Save(),
        Custom = _custom.IsEmpty ? null : _custom.Save(),
        IsThreeWay = _isThreeWay,
        LacksUsers = _lacksUsers,
    };

    private ImmutableArray<string> CaveatsNow(EndpointSuspect? suspect)
    {
        if (_intervals == 0 || _kayenta is not null)
            return _caveats;
        var edges = _baseline.IsReady ? Caveats.OfEdges(_settings, _metrics) : [];
        return _settings.Unit == ComparisonUnit.Users
            ? [.. _caveats, .. edges]
            : [.. _caveats, .. edges, .. Caveats.OfNoise(_metrics, _noise.Obstacle, _isThreeWay), .. Caveats.OfEndpoints(_endpoints, suspect)];
    }

    private void Watch(IntervalSample sample, in ComparedArms arms)
    {
        LastEnd = sample.End;
        _traffic.Observe(sample, arms);
        _environment.Note(sample);
        _isThreeWay |= sample.Baseline is not null && _settings.Unit == ComparisonUnit.Requests;
        _lacksUsers = _settings.Unit == ComparisonUnit.Users && sample.Users is null;
        SizeBlocks();
        _ratio.Observe(sample.Draws);
        foreach (var guard in _guards)
            guard.Observe(sample.Canary);
    }

    // Before anything is decided on them: an endpoint is not to blame for what the custom metrics show.
    private void Ask(IntervalSample sample)
    {
        if (_custom.IsEmpty)
            return;
        _custom.Take(sample);
        if (_kayenta is null)
            _global.Update();
    }

    // φ grows with the traffic; how much of it there is says nothing of how it fares.
    private void SizeBlocks()
    {
        foreach (var metric in _metrics)
            metric.Noise.BlockRequests = _traffic.BlockRequests;
    }

    private void Learn(IntervalSample sample)
    {
        _baseline.Add(sample.Stable);
        if (sample.Baseline is { } baseline)
            _baseline.Add(baseline);
        Place();
    }

    private void Place()
    {
        foreach (var stream in _streams)
            stream.Place(_baseline);
        _environment.Place();
    }

    private void Load(JudgeState state)
    {
        if (state.Version != JudgeState.CurrentVersion)
            throw new ArgumentException($"The saved state has layout {state.Version}; this engine reads {JudgeState.CurrentVersion}.", nameof(state));
        if (state.Endpoints is null || state.Environment is null || state.Noise is null)
            throw new ArgumentException("The saved state lacks the endpoints, the environment or the noise.", nameof(state));
        if (state.Streams.IsDefault || state.Streams.Length != _streams.Length || state.Guards.IsDefault || state.Guards.Length != _guards.Length)
            throw new ArgumentException("The saved state does not hold the metrics and guards of the settings: it belongs to other settings.", nameof(state));
        (_intervals, _canaryRequests, _stableRequests, LastEnd) = (state.Intervals, state.CanaryRequests, state.StableRequests, state.LastEnd);
        _baseline.Restore(state.Baseline);
        _traffic.Restore(state.Traffic);
        SizeBlocks();
        _ratio.Restore(state.SampleRatio);
        (_isThreeWay, _lacksUsers) = (state.IsThreeWay, state.LacksUsers);
        Place();
        for (var m = 0; m < _streams.Length; m++)
            _streams[m].Restore(state.Streams[m]);

        for (var g = 0; g < _guards.Length; g++)
            _guards[g].Restore(state.Guards[g]);
        _custom.Restore(state.Custom);
        _global.Restore(state.Global);
        _environment.Restore(state.Environment);
        _noise.Restore(state.Noise);
        _endpoints.Restore(state.Endpoints);
        if (_settings.Kayenta is { } kayenta)
            _kayenta = KayentaEvaluation.Restore(kayenta, state.Kayenta ?? throw new ArgumentException("The saved state lacks the evaluation by Kayenta's rules: it belongs to other settings.", nameof(state)));
    }
}
