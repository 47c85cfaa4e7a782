using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>The present rate of traffic in both compared arms, and how long an arm has been idle.</summary>
internal sealed class TrafficMeter
{
    /// <summary>How much the newest interval counts: four intervals carry two thirds of the figure.</summary>
    private const double Newest = 0.25;

    /// <summary>Intervals without a request after which an arm counts as idle.</summary>
    public const int IdleAfter = 3;

    private int _intervals;
    private double _canaryPerSecond;
    private double _stablePerSecond;

    /// <summary>Requests per second now.</summary>
    public TrafficRates Rates => new(_canaryPerSecond, _stablePerSecond);

    /// <summary>Requests an arm and minute now, as the harmonic mean of both arms; 0 without traffic in both.</summary>
    public double BlockRequests => Rates.Flow ? 60 * 2 / ((1 / _canaryPerSecond) + (1 / _stablePerSecond)) : 0;

    /// <summary>Whether the canary has got no request for a while.</summary>
    public bool IsCanaryIdle => CanaryIdleIntervals >= IdleAfter || (_intervals > 0 && CanaryIdleIntervals == _intervals);

    /// <summary>Whether the arm compared with has got no request for a while.</summary>
    public bool IsStableIdle => StableIdleIntervals >= IdleAfter || (_intervals > 0 && StableIdleIntervals == _intervals);

    public int CanaryIdleIntervals { get; private set; }

    public int StableIdleIntervals { get; private set; }

    public void Observe(IntervalSample sample, in ComparedArms arms)
    {
        var seconds = (sample.End - sample.Start).TotalSeconds;
        var (canary, stable) = (arms.Canary.Attempts, arms.Stable.Attempts);
        var share = _intervals++ == 0 ? 1 : Newest;
        _canaryPerSecond += share * ((canary / seconds) - _canaryPerSecond);
        _stablePerSecond += share * ((stable / seconds) - _stablePerSecond);
        CanaryIdleIntervals = canary > 0 ? 0 : CanaryIdleIntervals + 1;
        StableIdleIntervals = stable > 0 ? 0 : StableIdleIntervals + 1;
    }

    public TrafficState Save() => new(_intervals, _canaryPerSecond, _stablePerSecond, CanaryIdleIntervals, StableIdleIntervals);

    public void Restore(TrafficState state) =>
        (_intervals, _canaryPerSecond, _stablePerSecond, CanaryIdleIntervals, StableIdleIntervals) =
        (state.Intervals, state.CanaryPerSecond, state.StablePerSecond, state.CanaryIdle, state.StableIdle);
}
