using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>One metric of the history: its edge, its open block and its sums of the newest day.</summary>
internal sealed class MetricHistory
{
    private readonly double? _percentile;
    private readonly BlockMeter _meter = new();
    private int? _edge;
    private DateOnly? _edgeChosen;
    private HalfCounts _counts;

    /// <param name="percentile">The latency percentile, or null for errors.</param>
    public MetricHistory(double? percentile)
    {
        _percentile = percentile;
        Name = percentile is { } p ? MetricNames.Latency(p) : MetricNames.Errors;
    }

    public string Name { get; }

    /// <summary>The edge now, in seconds.</summary>
    public double? EdgeSeconds => _edge is { } bucket ? LatencyBuckets.UpperEdgeSeconds(bucket) : null;

    public DateTimeOffset? ComparedAt => _meter.ComparedAt;

    /// <summary>Whether an edge is to be chosen now: at the first block of a day, and at any block while there is none.</summary>
    public bool WantsEdge(DateOnly today) =>
        _percentile is not null && _meter.IsBetweenBlocks && (_edge is null || _edgeChosen is not { } chosen || chosen < today);

    /// <summary>Batches closed on the newest day.</summary>
    public PhiSums Sums => _meter.Sums;

    public PhiSums TakeSums() => _meter.TakeSums();

    /// <summary>Chooses the edge from what stable looked like before the next block.</summary>
    public void Place(LatencyHistogram latency, DateOnly today)
    {
        if (_percentile is { } percentile)
            (_edge, _edgeChosen) = (LatencyEdges.Choose(latency, percentile), today);
    }

    /// <summary>Adds an endpoint's counts to its half for the interval under way.</summary>
    public void Count(ArmCounts counts, int half)
    {
        if (_percentile is not null && _edge is null)
            return;
        var (requests, events) = MetricCount.Of(counts, _edge);
        _counts = _counts.Plus(half == 0 ? new HalfCounts(requests, events, 0, 0) : new HalfCounts(0, 0, requests, events));
    }

    /// <summary>Ends the interval under way.</summary>
    public void Close(DateTimeOffset start, DateTimeOffset end)
    {
        _meter.Add(_counts, start, end);
        _counts = default;
    }

    public void Drop() => _meter.Drop();

    public MetricHistoryState Save() => new() { Metric = Name, Edge = _edge, EdgeChosen = _edgeChosen, Meter = _meter.Save() };

    public void Restore(MetricHistoryState state)
    {
        if (state.Edge is < 0 or >= LatencyBuckets.LastFinite)
            throw new ArgumentException($"The saved edge of {state.Metric} is bucket {state.Edge}, which is no inner edge of the layout.", nameof(state));
        (_edge, _edgeChosen) = (state.Edge, state.EdgeChosen);
        _meter.Restore(state.Meter);
    }
}
