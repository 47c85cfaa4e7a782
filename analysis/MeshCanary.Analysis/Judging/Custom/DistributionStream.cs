using System.Collections.Immutable;
using MeshCanary.Analysis.Explaining;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>
/// Compares what lies beyond frozen edges of a distribution, as latency does: stable's beyond τ with the canary's beyond g·τ for FAIL
/// and g′·τ for PASS. Edges are placed by stable's observations of the warm-up, and of later readings while these are too few;
/// what placed them is not tested. FAIL is the mean over the percentiles, PASS the least.
/// </summary>
internal sealed class DistributionStream : CustomStream
{
    private readonly ShareTest[] _tests;
    private readonly double[] _logs;
    private readonly double[] _weights;
    private BucketEdges[] _edges = [];
    private BucketState _buckets = new(false, [], []);

    public DistributionStream(CustomMetric metric, AnalysisSettings settings) : base(metric, settings)
    {
        _tests = [.. metric.Percentiles.Select(_ => new ShareTest(Margin.None, Margin.None, metric.Overdispersion, settings.PlannedIntervals))];
        _logs = new double[_tests.Length];
        _weights = Array.ConvertAll(_tests, _ => 1.0);
    }

    public override double FailEvidence
    {
        get
        {
            for (var place = 0; place < _tests.Length; place++)
                _logs[place] = _tests[place].FailEvidence;
            return EvidenceMerging.Average(_logs, _weights);
        }
    }

    protected override double PassEvidence => _tests.Min(test => test.PassEvidence);

    protected override string? Learn(CustomReading reading)
    {
        if (_buckets.IsFrozen || reading.Stable is not { Boundaries: { } boundaries, Cumulative: { } cumulative })
            return null;
        _buckets = boundaries.SequenceEqual(_buckets.Boundaries)
            ? _buckets with { Cumulative = [.. _buckets.Cumulative.Zip(cumulative, (sum, more) => sum + more)] }
            : new BucketState(false, boundaries, cumulative);
        return null;
    }

    protected override string? Observe(CustomReading reading)
    {
        if (reading.Canary is not { Boundaries: { } bounds, Cumulative: { } canary } || reading.Stable is not { Boundaries: { } others, Cumulative: { } stable })
            return "the answer does not hold buckets of each arm";
        if (!bounds.SequenceEqual(others))
            return "the arms do not have the same buckets";
        if (!_buckets.IsFrozen && !IsEnough)
            return Learn(reading);
        if (!_buckets.IsFrozen)
            Freeze();
        if (!bounds.SequenceEqual(_buckets.Boundaries))
            return "the buckets are others than those that the comparison began with";
        for (var place = 0; place < _edges.Length; place++)
        {
            var edges = _edges[place];
            _tests[place].Observe(Beyond(canary, edges.Edge), Beyond(canary, edges.Tolerated), Beyond(canary, edges.Harm), Beyond(stable, edges.Edge));
        }

        return null;
    }

    protected override string? Unproven()
    {
        if (!_buckets.IsFrozen)
            return Words.Say($"it learns what is normal: {(_buckets.Cumulative is [.., var known] ? known : 0):N0} of {Settings.MinimumBaselineRequests:N0} of stable's observations seen");
        foreach (var edges in _edges)
        {
            if (edges.Harm == edges.Edge && edges.HarmMargin == Margin.None)
                return Words.Say($"the source has no bucket boundary between {_buckets.Boundaries[edges.Edge]:0.######} and {_buckets.Boundaries[edges.Edge] * Metric.HarmFactor:0.######}, so no proof is possible");
        }

        return base.Unproven();
    }

    protected override CustomEvidence Show(CustomEvidence evidence)
    {
        // The percentile that speaks most for a regression.
        var worst = _tests.MaxBy(test => test.FailEvidence)!;
        if (worst.Canary.Requests == 0 || worst.Stable.Requests == 0)
            return evidence;
        var shown = worst.Difference(DisplayAlpha);
        return evidence with
        {
            Canary = (double)worst.Canary.Events / worst.Canary.Requests,
            Stable = (double)worst.Stable.Events / worst.Stable.Requests,
            Difference = shown.Difference,
            DifferenceLow = shown.Low,
            DifferenceHigh = shown.High,
        };
    }

    protected override CustomState Save(CustomState state) => state with { Buckets = _buckets, Shares = [.. _tests.Select(test => test.Save())] };

    protected override void Load(CustomState state)
    {
        if (state.Buckets is not { } buckets || state.Shares.IsDefault || state.Shares.Length != _tests.Length)
            throw new ArgumentException($"The saved state of {Metric.Name} is not one of a distribution of these settings.", nameof(state));
        _buckets = buckets;
        if (buckets.IsFrozen)
            Freeze();
        for (var place = 0; place < _tests.Length; place++)
            _tests[place].Restore(state.Shares[place]);
    }

    private bool IsEnough => _buckets.Cumulative is [.., var known] && known >= Settings.MinimumBaselineRequests && Placed() is not null;

    private void Freeze()
    {
        _buckets = _buckets with { IsFrozen = true };
        _edges = Placed() ?? throw new ArgumentException($"No edge can be placed for {Metric.Name}.");
        for (var place = 0; place < _edges.Length; place++)
        {
            _tests[place].Learn(Beyond(_buckets.Cumulative, _edges[place].Edge));
            _tests[place].PlaceHarm(_edges[place].HarmMargin);
        }
    }

    private BucketEdges[]? Placed()
    {
        var edges = Metric.Percentiles.Select(percentile => BucketEdges.Of(_buckets.Boundaries, _buckets.Cumulative, percentile, Metric)).ToArray();
        return edges.Any(edge => edge is null) ? null : Array.ConvertAll(edges, edge => edge!.Value);
    }

    private static Tally Beyond(ImmutableArray<long> cumulative, int place) => new(cumulative[^1], BucketEdges.CountBeyond(cumulative, place));
}
