using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// The one-sided z-test of two proportions on all requests so far, on errors and on requests slower than stable's p50, p90
/// and p99 of the warm-up, each at a quarter of 1 % (Bonferroni): what a team that knows some statistics writes first.
/// </summary>
/// <param name="peeks">Whether it looks every interval, or once at the end.</param>
internal sealed class PooledZ(bool peeks) : IProcedure
{
    // Upper 0.25 % point of the standard normal distribution.
    private const double Critical = 2.8070337683438042;

    private readonly int[] _edges = new int[3];
    private readonly long[] _canaryEvents = new long[4];
    private readonly long[] _otherEvents = new long[4];
    private LatencyHistogram _warm = LatencyHistogram.Empty;
    private double _canary;
    private double _other;

    public Outcome Outcome { get; private set; } = Outcome.None;

    public void Observe(RunView view)
    {
        if (Outcome.IsRolledBack)
            return;
        if (view.IsWarmup)
        {
            _warm = _warm.Merge(view.Sample.Stable.Latency);
            return;
        }

        if (_canary == 0)
            Place();
        Add(view.Sample.Canary, _canaryEvents, ref _canary);
        Add(view.Other, _otherEvents, ref _other);
        if ((peeks || view.IsLast) && Exceeds())
            Outcome = Outcome with { RolledBack = view.Minute };
        else if (view.IsLast)
            Outcome = Outcome with { Promoted = view.Minute };
    }

    private void Place()
    {
        ReadOnlySpan<double> shares = [0.5, 0.9, 0.99];
        for (var edge = 0; edge < _edges.Length; edge++)
            _edges[edge] = _warm.QuantileBucket(shares[edge]) ?? LatencyBuckets.LastFinite;
    }

    private void Add(ArmCounts arm, long[] events, ref double requests)
    {
        requests += arm.Requests;
        events[0] += arm.Errors;
        for (var edge = 0; edge < _edges.Length; edge++)
            events[edge + 1] += arm.Errors + arm.Latency.CountAbove(_edges[edge]);
    }

    private bool Exceeds()
    {
        for (var stream = 0; stream < _canaryEvents.Length; stream++)
        {
            var pooled = (_canaryEvents[stream] + _otherEvents[stream]) / (_canary + _other);
            var difference = (_canaryEvents[stream] / _canary) - (_otherEvents[stream] / _other);

            // Without requests or without variance this is not a number, which exceeds nothing.
            if (difference / Math.Sqrt(pooled * (1 - pooled) * ((1 / _canary) + (1 / _other))) > Critical)
                return true;
        }

        return false;
    }
}
