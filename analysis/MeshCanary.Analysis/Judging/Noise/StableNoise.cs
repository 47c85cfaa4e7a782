using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Noise;

/// <summary>
/// Compares stable with itself while a run lasts (two halves of its endpoints, or baseline against stable where stable has
/// no two endpoints): learns φ where nothing is known of it, and watches a stored φ.
/// </summary>
internal sealed class StableNoise
{
    private readonly ComparedMetric[] _metrics;
    private readonly ComparedMetric[] _stored;
    private readonly EndpointSplit _split = new();
    private readonly CalibrationAlarm? _alarm;
    private readonly HalfCounts[] _counts;
    private readonly HalfCounts[] _storedCounts;
    private readonly bool _isNeeded;

    public StableNoise(AnalysisSettings settings, ComparedMetric[] metrics)
    {
        _metrics = metrics;
        _stored = [.. metrics.Where(metric => metric.Noise.Stored is not null)];
        if (_stored.Length > 0)
            _alarm = new CalibrationAlarm(settings.Calibration! with { Metrics = [.. _stored.Select(metric => metric.Noise.Stored!)] });
        _counts = new HalfCounts[metrics.Length];
        _storedCounts = new HalfCounts[_stored.Length];
        _isNeeded = settings.Unit == ComparisonUnit.Requests && metrics.Any(metric => metric.Noise.IsUnknown || metric.Noise.Stored is not null);
    }

    /// <summary>Why stable's endpoints cannot be compared with each other.</summary>
    public SplitObstacle Obstacle => _split.Obstacle;

    /// <summary>Takes an interval after it was judged, once edges are frozen.</summary>
    public void Observe(IntervalSample sample)
    {
        if (!_isNeeded)
            return;
        _split.Observe(sample.StableEndpoints, sample.End);
        if (!Count(sample))
            return;
        var place = 0;
        for (var m = 0; m < _metrics.Length; m++)
        {
            _metrics[m].Noise.Online?.Add(_counts[m], sample.Start, sample.End);
            if (_metrics[m].Noise.Stored is not null)
                _storedCounts[place++] = _counts[m];
        }

        // Blocks are minutes: to ask once a minute is to ask as often as there is something new.
        if (_alarm is not null && _alarm.Add(_storedCounts, sample.Start, sample.End)
            && sample.End.Ticks / TimeSpan.TicksPerMinute != sample.Start.Ticks / TimeSpan.TicksPerMinute)
            Ask(_alarm);
    }

    public NoiseState Save() => new()
    {
        Split = _split.Save(),
        Online = [.. _metrics.Select(metric => metric.Noise.Online?.Save())],
        Alarm = _alarm?.Save() ?? [],
        Louder = [.. _stored.Select(metric => metric.Noise.Louder)],
    };

    public void Restore(NoiseState state)
    {
        if (state.Online.IsDefault || state.Online.Length != _metrics.Length || state.Louder.IsDefault || state.Louder.Length != _stored.Length)
            throw new ArgumentException("The saved noise does not hold the metrics of the settings.", nameof(state));
        _split.Restore(state.Split);
        _alarm?.Restore(state.Alarm);
        for (var m = 0; m < _metrics.Length; m++)
        {
            var noise = _metrics[m].Noise;
            if (noise.IsUnknown)
                noise.Online = OnlineOverdispersion.Restore(state.Online[m] ?? throw new ArgumentException($"The saved noise lacks {_metrics[m].Name}.", nameof(state)));
        }

        for (var m = 0; m < _stored.Length; m++)
            _stored[m].Noise.Louder = state.Louder[m];
    }

    private bool Count(IntervalSample sample)
    {
        if (_split.Obstacle != SplitObstacle.None && sample.Baseline is null)
            return false;
        for (var m = 0; m < _metrics.Length; m++)
        {
            var (first, second) = _split.Obstacle == SplitObstacle.None
                ? Halves(_metrics[m], sample.StableEndpoints)
                : (_metrics[m].Bad(sample.Baseline!), _metrics[m].Bad(sample.Stable));
            _counts[m] = new HalfCounts(first.Requests, first.Events, second.Requests, second.Events);
        }

        return true;
    }

    private (Tally First, Tally Second) Halves(ComparedMetric metric, ImmutableArray<EndpointCounts> endpoints)
    {
        Tally first = default, second = default;
        foreach (var endpoint in endpoints.IsDefault ? [] : endpoints)
        {
            if (_split.HalfOf(endpoint.Endpoint) == 0)
                first += metric.Bad(endpoint.Counts);
            else
                second += metric.Bad(endpoint.Counts);
        }

        return (first, second);
    }

    private void Ask(CalibrationAlarm alarm)
    {
        var now = alarm.Metrics;
        for (var m = 0; m < _stored.Length; m++)
        {
            // Once it was louder the larger of both is used for the rest of the run, whatever the next minutes are like.
            if (now[m].Kind == AlarmKind.Louder || _stored[m].Noise.Louder is not null)
                _stored[m].Noise.Louder = now[m];
        }
    }
}
