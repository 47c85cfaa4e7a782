using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// What a service's stable version shows of itself over the last days, in runs and between them: φ of every metric
/// from its two halves (<see cref="EndpointSplit"/>, <see cref="PhiEstimator"/>), its latencies and its errors. Fed with
/// intervals in the order of time; history that was recorded elsewhere is brought in by feeding it first. A day (UTC) is
/// kept as sums and leaves the window as a whole. Latency edges are fixed before the block they are used in: first
/// when <see cref="CalibrationSettings.MinimumEdgeRequests"/> were seen, then anew at the first block of each day, from all that
/// is in the window by then. Has no clock; not thread-safe.
/// </summary>
public sealed class CalibrationHistory
{
    // Counts that no interval can have; below them no sum of a month overflows.
    private const long MostOfAnEndpoint = 1_000_000_000;
    private const long MostOfAnArm = 1_000_000_000_000;

    private readonly CalibrationSettings _settings;
    private readonly MetricHistory[] _metrics;
    private readonly EndpointSplit _split = new();
    private readonly DayCounts _today = new();
    private readonly List<CalibrationDay> _days = [];
    private DateTimeOffset? _lastEnd;
    private DateTimeOffset? _comparedAt;
    private long _unsplit;

    /// <summary>Starts without history.</summary>
    /// <exception cref="ArgumentException">The settings are outside their ranges.</exception>
    public CalibrationHistory(CalibrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Require();
        _settings = settings;
        _metrics = [new MetricHistory(null), .. settings.LatencyPercentiles.Select(percentile => new MetricHistory(percentile))];
    }

    /// <summary>Goes on from a saved state. Metrics that the settings no longer name are forgotten; new ones begin with nothing.</summary>
    /// <exception cref="ArgumentException">The settings are outside their ranges, or the state is of another layout or holds impossible numbers.</exception>
    public static CalibrationHistory Restore(CalibrationSettings settings, CalibrationState state)
    {
        var history = new CalibrationHistory(settings);
        history.Load(state);
        return history;
    }

    /// <summary>
    /// Takes an interval. False, and nothing is changed, when it does not end after it starts, was taken before (most of it
    /// lies before the newest end), or holds a negative or impossibly large count.
    /// </summary>
    public bool Add(IntervalSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Add(sample.Start, sample.End, sample.StableEndpoints, sample.Stable);
    }

    /// <summary>Takes an interval of which only stable's endpoints are known; otherwise as <see cref="Add(IntervalSample)"/>.</summary>
    /// <param name="start">Start of the interval (UTC).</param>
    /// <param name="end">End of the interval (UTC).</param>
    /// <param name="stableEndpoints">What each endpoint of stable served in it.</param>
    public bool Add(DateTimeOffset start, DateTimeOffset end, ImmutableArray<EndpointCounts> stableEndpoints) =>
        Add(start, end, stableEndpoints, null);

    /// <summary>What is known at a moment; to be asked once when a run begins, and kept for it.</summary>
    /// <param name="now">The moment (UTC).</param>
    public CalibrationProfile ProfileAt(DateTimeOffset now)
    {
        var metrics = _metrics.Select(Calibrate).ToImmutableArray();
        var facts = new StandingFacts(_lastEnd, _comparedAt, now, metrics, _split.Obstacle, _unsplit);
        var (standing, reason) = StandingWording.Describe(facts, _settings);
        return new CalibrationProfile
        {
            Standing = standing,
            Reason = reason,
            MeasuredAt = _comparedAt,
            Metrics = _comparedAt is null ? [] : metrics,
            StableErrors = _today.Errors + _days.Sum(day => day.Errors),
            StableLatency = Latency(),
        };
    }

    /// <summary>The state to be kept with the service.</summary>
    public CalibrationState Save() => new()
    {
        LastEnd = _lastEnd,
        ComparedAt = _comparedAt,
        UnsplitIntervals = _unsplit,
        Errors = _today.Errors,
        Latency = _today.Latency,
        Days = [.. _days],
        Metrics = [.. _metrics.Select(metric => metric.Save())],
        Endpoints = _split.Save(),
    };

    private bool Add(DateTimeOffset start, DateTimeOffset end, ImmutableArray<EndpointCounts> endpoints, ArmCounts? stable)
    {
        endpoints = endpoints.IsDefault ? [] : endpoints;
        if (!BlockMeter.Follows(_lastEnd, start, end) 
            || (stable is not null && !IsCount(stable, MostOfAnArm))
            || endpoints.Any(static one => one is not { Endpoint: not null, Counts: not null } || !IsCount(one.Counts, MostOfAnEndpoint)))
            return false;
        if (_lastEnd is { } last && Day(end) > Day(last))
            Archive(Day(last), Day(end));
        PlaceEdges(Day(end));
        _lastEnd = end;
        Split(endpoints, end);
        foreach (var endpoint in endpoints)
        {
            var half = _split.HalfOf(endpoint.Endpoint);
            foreach (var metric in _metrics)
                metric.Count(endpoint.Counts, half);
            if (stable is null)
                _today.Add(endpoint.Counts);
        }

        if (stable is not null)
            _today.Add(stable);
        foreach (var metric in _metrics)
        {
            metric.Close(start, end);
            _comparedAt = Later(_comparedAt, metric.ComparedAt);
        }

        return true;
    }

    private void Split(ImmutableArray<EndpointCounts> endpoints, DateTimeOffset end)
    {
        var moves = _split.Moves;
        _split.Observe(endpoints, end);
        _unsplit = _split.Obstacle == SplitObstacle.None ? 0 : _unsplit + 1;
        if (_split.Moves == moves)
            return;
        // The halves are not those of the batches under way.
        foreach (var metric in _metrics)
            metric.Drop();
    }

    private void Archive(DateOnly over, DateOnly today)
    {
        _days.Add(new CalibrationDay
        {
            Day = over,
            Errors = _today.Errors,
            Latency = _today.Latency,
            Metrics = _metrics.ToImmutableSortedDictionary(metric => metric.Name, metric => metric.TakeSums(), StringComparer.Ordinal),
        });
        _today.Clear();
        _days.RemoveAll(day => day.Day.DayNumber <= today.DayNumber - _settings.WindowDays);
    }

    private void PlaceEdges(DateOnly today)
    {
        LatencyHistogram? latency = null;
        foreach (var metric in _metrics)
        {
            if (!metric.WantsEdge(today))
                continue;
            latency ??= Latency();
            if (latency.Total >= _settings.MinimumEdgeRequests)
                metric.Place(latency, today);
        }
    }

    private MetricCalibration Calibrate(MetricHistory metric)
    {
        var sums = _days.Select(day => day.Metrics.GetValueOrDefault(metric.Name, PhiSums.Empty)).Aggregate(metric.Sums, (all, day) => all.Merge(day));
        var phi = PhiEstimate.From(sums, _settings.MinimumBlocks, _settings.FalseRollbackRate);
        return new MetricCalibration
        {
            Metric = metric.Name,
            Overdispersion = phi.Value,
            Blocks = (int)Math.Min(phi.Blocks, int.MaxValue),
            ComparedBlocks = (int)Math.Min(sums.ComparedBlocks, int.MaxValue),
            Uncorrected = phi.Uncorrected,
            UpperBound = phi.UpperBound,
            LongestBatchMinutes = phi.LongestBatchMinutes,
            Persistence = phi.Persistence,
            BlockRequests = phi.BlockRequests,
            EdgeSeconds = metric.EdgeSeconds,
        };
    }

    private LatencyHistogram Latency() => _days.Aggregate(_today.Latency, (all, day) => all.Merge(day.Latency));

    private void Load(CalibrationState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Version != CalibrationState.CurrentVersion)
            throw new ArgumentException($"The saved calibration has layout {state.Version}; this engine reads {CalibrationState.CurrentVersion}.", nameof(state));
        if (state.Days.IsDefault || state.Metrics.IsDefault || state.Errors < 0
            || state.Days.Any(day => day is not { Errors: >= 0, Latency: not null, Metrics: not null } || !day.Metrics.Values.All(sums => sums is { IsValid: true })))
            throw new ArgumentException("The saved calibration lacks its days or metrics, or holds sums that are not finite and non-negative.", nameof(state));
        (_lastEnd, _comparedAt, _unsplit) = (state.LastEnd, state.ComparedAt, state.UnsplitIntervals);
        _days.AddRange(state.Days);
        _today.Restore(state.Errors, state.Latency);
        _split.Restore(state.Endpoints);
        foreach (var metric in _metrics)
        {
            if (state.Metrics.FirstOrDefault(saved => saved.Metric == metric.Name) is { } saved)
                metric.Restore(saved);
        }
    }

    private static bool IsCount(ArmCounts counts, long most) =>
        counts.Errors >= 0 && counts.Errors <= most && counts.Latency?.Total <= most && counts.GivenUp?.Total <= most;

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => other is null || one > other ? one : other;
}
