using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Judging.Noise;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>
/// What one metric is: which requests are bad, what is tolerated, what is harm, and how noisy it is. Errors compare with
/// margins; latency compares requests beyond a shifted edge of one arm with those beyond the edge of the other, failed
/// requests being slower than any edge.
/// </summary>
internal sealed class ComparedMetric
{
    /// <summary>Half of the FAIL evidence bets on a regression from the first interval on, half on a later start.</summary>
    public const double FirstStart = 0.5;

    private readonly double? _percentile;
    private readonly AnalysisSettings _settings;
    private readonly BucketGrid _grid;
    private LatencyEdge? _edge;

    /// <param name="settings">Settings without a problem.</param>
    /// <param name="grid">Where latency counts are exact.</param>
    /// <param name="percentile">The latency percentile, or null for errors.</param>
    public ComparedMetric(AnalysisSettings settings, BucketGrid grid, double? percentile)
    {
        (_settings, _grid, _percentile) = (settings, grid, percentile);
        Name = percentile is { } p ? MetricNames.Latency(p) : MetricNames.Errors;
        Tolerance = percentile is null ? Tolerance.OfErrors(settings) : Tolerance.OfLatency(settings, Name);
        Harm = percentile is null ? new Margin(settings.ErrorHarmAbsolute, settings.ErrorHarmRelative) : Margin.None;
        Noise = new MetricNoise(settings, Name);
    }

    public string Name { get; }

    public bool IsLatency => _percentile is not null;

    /// <summary>The FAIL margin in force.</summary>
    public Tolerance Tolerance { get; }

    /// <summary>The PASS margin in force.</summary>
    public Margin Harm { get; private set; }

    /// <summary>The overdispersion.</summary>
    public MetricNoise Noise { get; }

    /// <summary>Share of bad requests in stable before the test.</summary>
    public double Prior { get; private set; } = 0.5;

    /// <summary>Share beyond the harm edge in stable before the test.</summary>
    public double HarmPrior { get; private set; } = 0.5;

    /// <summary>Whether a latency metric has its edges.</summary>
    public bool IsPlaced => _edge is not null;

    /// <summary>τ in seconds; null for errors and before it is placed.</summary>
    public double? EdgeSeconds => _edge is { } edge ? _grid.Seconds(edge.Bucket) : null;

    /// <summary>The canary's edge of FAIL in seconds.</summary>
    public double? ToleratedEdgeSeconds => _edge is { } edge ? _grid.Seconds(edge.Tolerated) : null;

    /// <summary>The canary's edge of PASS in seconds.</summary>
    public double? HarmEdgeSeconds => _edge is { } edge ? _grid.Seconds(edge.Harm) : null;

    /// <summary>Takes edge and prior from the baseline, once it is frozen and provisionally before.</summary>
    public void Place(Baseline baseline)
    {
        if (_percentile is not { } percentile)
        {
            Prior = HarmPrior = baseline.ErrorPrior;
        }
        else if (baseline.EdgeOf(percentile, Tolerance.Buckets, _settings.LatencyHarmBuckets) is { } edge)
        {
            _edge = edge;
            (Prior, HarmPrior, Harm) = (edge.Prior, edge.HarmShare, edge.HarmMargin);
        }
    }

    /// <summary>An empty FAIL process of this metric.</summary>
    public EvidenceProcess NewFailProcess() =>
        new(Claim.Regression, Tolerance.Margin, new StartPrior(FirstStart, _settings.PlannedIntervals));

    /// <summary>An empty process for "one part is worse than the rest of its arm", without a margin.</summary>
    public EvidenceProcess NewStandOutProcess() =>
        new(Claim.Regression, Margin.None, new StartPrior(FirstStart, _settings.PlannedIntervals));

    /// <summary>Bad requests as they are shown and as stable's are compared: failed, or beyond τ.</summary>
    public Tally Bad(ArmCounts arm) => Count(arm, _edge?.Bucket ?? -1);

    /// <summary>Bad requests beyond the tolerance.</summary>
    public Tally BeyondTolerance(ArmCounts arm) => Count(arm, _edge?.Tolerated ?? -1);

    /// <summary>Bad requests beyond harm.</summary>
    public Tally BeyondHarm(ArmCounts arm) => Count(arm, _edge?.Harm ?? -1);

    /// <summary>
    /// Requests of an arm and the bad ones among them. For latency that is those beyond an edge: failed ones, and those
    /// given up later than it; one given up earlier says nothing about this edge and is left out.
    /// </summary>
    private Tally Count(ArmCounts arm, int edge)
    {
        if (!IsLatency)
            return new Tally(arm.Requests, arm.Errors);
        var givenUp = arm.GivenUp.CountAbove(edge);
        return new Tally(arm.Requests + givenUp, arm.Errors + givenUp + arm.Latency.CountAbove(edge));
    }
}
