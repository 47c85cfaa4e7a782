using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Sampling;

namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>The traffic of one run of a scenario, interval by interval: first the warm-up, then the rollout.</summary>
internal sealed class Rollout
{
    private readonly Background _background;
    private readonly Random _random;
    private readonly ArmProcess _stable;
    private readonly ArmProcess _canary;
    private readonly ArmProcess? _baseline;
    private readonly double _phase;
    private int _interval = -Clock.WarmMinutes * Clock.PerMinute;

    /// <summary>A run that has not begun.</summary>
    public Rollout(Scenario scenario, Random random)
    {
        _background = scenario.Background;
        _random = random;
        _phase = random.NextDouble();
        var badOnCanary = random.NextDouble() < 0.5;
        _stable = new ArmProcess(scenario, ArmRole.Stable, random, scenario.BadClient && !badOnCanary);
        _canary = new ArmProcess(scenario, ArmRole.Canary, random, scenario.BadClient && badOnCanary);
        _baseline = _background.BaselinePerSecond > 0 ? new ArmProcess(scenario, ArmRole.Baseline, random) : null;
    }

    /// <summary>Number of the next interval: below 0 in the warm-up, 0 for the first of the rollout.</summary>
    public int Interval => _interval;

    /// <summary>Counts of the next interval. In the warm-up nothing goes to the new pods.</summary>
    public IntervalSample Next()
    {
        var minute = (double)_interval / Clock.PerMinute;
        var isNewMinute = _interval % Clock.PerMinute == 0;
        var cycle = _background.Cycle.At(_phase, minute);
        var traffic = Clock.IntervalSeconds * (1 + (_background.Cycle.Traffic * cycle));
        var isOut = _interval >= 0;
        var stable = Variates.Poisson(_random, traffic * _background.StablePerSecond);
        var canary = isOut ? Variates.Poisson(_random, traffic * _background.CanaryPerSecond) : 0;
        var baseline = isOut ? Variates.Poisson(_random, traffic * _background.BaselinePerSecond) : 0;
        var start = Clock.Origin.AddSeconds((_interval + (Clock.WarmMinutes * Clock.PerMinute)) * Clock.IntervalSeconds);
        _interval++;
        var (ofStable, ofCanary, ofBaseline) = (
            _stable.Next(minute, stable, isNewMinute, cycle), _canary.Next(minute, canary, isNewMinute, cycle), _baseline?.Next(minute, baseline, isNewMinute, cycle));
        return new IntervalSample
        {
            Start = start,
            End = start.AddSeconds(Clock.IntervalSeconds),
            Stable = ofStable,
            Canary = ofCanary,
            Baseline = ofBaseline,
            StableEndpoints = _stable.Endpoints,
            CanaryEndpoints = _canary.Endpoints,
            Users = _stable.Users is { } stableUsers && _canary.Users is { } canaryUsers ? new UserSample(stableUsers, canaryUsers) : null,
            Draws = [new DrawCounts(isOut ? CanaryWeight : 0, stable + baseline, canary)],
        };
    }

    // Where the share is no whole number of basis points the nearest one is still within what the test of the split tolerates.
    private int CanaryWeight => (int)Math.Round(
        10_000 * _background.CanaryPerSecond / (_background.CanaryPerSecond + _background.StablePerSecond + _background.BaselinePerSecond));
}
