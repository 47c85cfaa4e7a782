using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Watches during a run whether the stored calibration still holds: baseline against stable (or stable's two halves) is a
/// permanent A/A comparison, and its φ is measured as the stored one was. It alarms for a metric when live φ is more than
/// twice the stored and the evidence that it is above the stored one at all reaches metrics/α. With equal φ that happens
/// in a run for any metric with probability at most about α, however often it is asked. Not thread-safe.
/// </summary>
public sealed class CalibrationAlarm
{
    private readonly LiveNoise[] _metrics;
    private readonly int?[] _edges;
    private readonly double _threshold;
    private DateTimeOffset? _lastEnd;

    /// <summary>Starts a watch against what was stored when the run began.</summary>
    /// <param name="stored">The stored calibration; without metrics nothing is ever alarmed.</param>
    /// <param name="alpha">False alarm rate a run over all metrics, in (0, 0.5].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is outside its range.</exception>
    public CalibrationAlarm(CalibrationProfile stored, double alpha = 0.01)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (!(alpha is > 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A false alarm rate is above 0 and at most 0.5.");
        _metrics = [.. stored.Metrics.Select(metric => new LiveNoise(metric))];
        _edges = [.. stored.Metrics.Select(metric => metric.EdgeSeconds is { } seconds ? LatencyBuckets.IndexOf(seconds) : (int?)null)];
        _threshold = Math.Log(_metrics.Length / alpha);
    }

    /// <summary>Every metric as it stands, in the order of the stored calibration.</summary>
    public ImmutableArray<MetricAlarm> Metrics => [.. _metrics.Select(metric => metric.Describe(_threshold))];

    /// <summary>
    /// Takes an interval of a three-way run: baseline against stable, at the stored latency edges. False, and nothing is
    /// changed, without a baseline, or when the interval ends before it starts or was taken before.
    /// </summary>
    public bool Add(IntervalSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Baseline is not { } baseline)
            return false;
        Span<HalfCounts> counts = stackalloc HalfCounts[_metrics.Length];
        for (var m = 0; m < _metrics.Length; m++)
        {
            var (first, second) = (MetricCount.Of(baseline, _edges[m]), MetricCount.Of(sample.Stable, _edges[m]));
            counts[m] = new HalfCounts(first.Requests, first.Events, second.Requests, second.Events);
        }

        return Add(counts, sample.Start, sample.End);
    }

    /// <summary>Takes an interval that was counted elsewhere, as <see cref="Add(IntervalSample)"/> does.</summary>
    /// <param name="counts">One comparison a metric, in the order of the stored calibration.</param>
    /// <param name="start">Start of the interval (UTC).</param>
    /// <param name="end">End of the interval (UTC).</param>
    /// <exception cref="ArgumentException">There are more or fewer comparisons than metrics.</exception>
    public bool Add(ReadOnlySpan<HalfCounts> counts, DateTimeOffset start, DateTimeOffset end)
    {
        if (counts.Length != _metrics.Length)
            throw new ArgumentException($"{counts.Length} comparisons for {_metrics.Length} stored metrics.", nameof(counts));
        if (!BlockMeter.Follows(_lastEnd, start, end))
            return false;
        foreach (var one in counts)
        {
            if (!one.IsConsistent)
                return false;
        }

        _lastEnd = end;
        for (var m = 0; m < _metrics.Length; m++)
            _metrics[m].Add(counts[m], start, end);
        return true;
    }

    /// <summary>The state to be kept with the run, one entry a metric.</summary>
    public ImmutableArray<MetricAlarmState> Save() => [.. _metrics.Select(metric => metric.Save())];

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state holds other metrics than the stored calibration, or impossible numbers.</exception>
    public void Restore(ImmutableArray<MetricAlarmState> state)
    {
        if (state.IsDefault || !state.Select(one => one.Metric).SequenceEqual(_metrics.Select(metric => metric.Metric)))
            throw new ArgumentException("The saved watch does not hold the metrics of the stored calibration: it belongs to another run.", nameof(state));
        for (var m = 0; m < _metrics.Length; m++)
            _metrics[m].Restore(state[m]);
        _lastEnd = state.IsEmpty ? null : state[0].Meter.LastEnd;
    }
}
