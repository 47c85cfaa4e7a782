using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>The present rate of traffic in both arms, and how long an arm has been idle.</summary>
internal sealed class TrafficMeter
{
    /// <summary>How much the newest interval counts: four intervals carry two thirds of the figure.</summary>
    private const double Newest = 0.25;

    /// <summary>Intervals without a request after which an arm counts as idle.</summary>
    public const int IdleAfter = 3;

    private TrafficState _state = new(0, 0, 0, 0, 0);

    /// <summary>Requests per second now.</summary>
    public TrafficRates Rates => new(_state.CanaryPerSecond, _state.StablePerSecond);

    /// <summary>Whether the canary has got no request for a while.</summary>
    public bool IsCanaryIdle => _state.CanaryIdle >= IdleAfter || (_state.Intervals > 0 && _state.CanaryIdle == _state.Intervals);

    /// <summary>Whether stable has got no request for a while.</summary>
    public bool IsStableIdle => _state.StableIdle >= IdleAfter || (_state.Intervals > 0 && _state.StableIdle == _state.Intervals);

    public int CanaryIdleIntervals => _state.CanaryIdle;

    public int StableIdleIntervals => _state.StableIdle;

    public void Observe(IntervalSample sample)
    {
        var seconds = (sample.End - sample.Start).TotalSeconds;
        var (canary, stable) = (sample.Canary.Requests, sample.Stable.Requests);
        var share = _state.Intervals == 0 ? 1 : Newest;
        _state = new TrafficState(
            _state.Intervals + 1,
            _state.CanaryPerSecond + (share * ((canary / seconds) - _state.CanaryPerSecond)),
            _state.StablePerSecond + (share * ((stable / seconds) - _state.StablePerSecond)),
            canary > 0 ? 0 : _state.CanaryIdle + 1,
            stable > 0 ? 0 : _state.StableIdle + 1);
    }

    public TrafficState Save() => _state;

    public void Restore(TrafficState state) => _state = state;
}
