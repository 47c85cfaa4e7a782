using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Sampling;

namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>One arm of a scenario in time: what it is like in each interval, and the counts drawn from that.</summary>
internal sealed class ArmProcess
{
    private const double ColdMinutes = 1;
    private const double BadClientErrors = 0.005;
    private const double BadClientMinutes = 10;
    private const double UserShare = 0.1;

    private readonly Scenario _scenario;
    private readonly Background _background;
    private readonly ArmRole _role;
    private readonly Random _random;
    private readonly ArmModel[] _pods;
    private readonly double[] _luck;
    private readonly string[] _names;
    private readonly ArmModel _users;
    private readonly double _badClientFrom = double.PositiveInfinity;
    private double _errorScore;
    private double _latencyScore;
    private int _burstLeft;

    /// <param name="scenario">What happens.</param>
    /// <param name="role">To which arm.</param>
    /// <param name="random">Where chance comes from; shared by the arms of a run.</param>
    /// <param name="hasBadClient">Whether the bad client of the scenario is on this arm.</param>
    public ArmProcess(Scenario scenario, ArmRole role, Random random, bool hasBadClient = false)
    {
        _scenario = scenario;
        _background = scenario.Background;
        _role = role;
        _random = random;
        // Stable always has two halves at least, from which noise can be learned.
        var pods = role == ArmRole.Stable ? Math.Max(2, scenario.Pods) : scenario.Pods;
        var law = Law(scenario, role);
        _pods = [.. Enumerable.Range(0, pods).Select(_ => new ArmModel(law) { ClusterSize = _background.ClusterSize })];
        _users = new ArmModel(law);
        _names = [.. Enumerable.Range(0, pods).Select(pod => $"{role} {pod}")];
        _luck = Luck(pods);
        _errorScore = Variates.Normal(random);
        _latencyScore = Variates.Normal(random);
        if (hasBadClient)
            _badClientFrom = random.NextDouble() * (Clock.RunMinutes - BadClientMinutes);
    }

    /// <summary>Counts of the next interval; <paramref name="minute"/> is below 0 before the rollout.</summary>
    /// <param name="minute">Minutes since the start of the rollout, at the start of the interval.</param>
    /// <param name="requests">Requests that the arm gets.</param>
    /// <param name="isNewMinute">Whether a minute begins: noise is drawn anew.</param>
    /// <param name="cycle">Where the day's course stands, −1…1.</param>
    public ArmCounts Next(double minute, long requests, bool isNewMinute, double cycle)
    {
        if (isNewMinute)
            BeginMinute();
        var noise = _background.Noise;
        var errors = _background.ErrorRate * (1 + (_background.Cycle.Errors * cycle));
        var slowdown = 1 + (_background.Cycle.Latency * cycle);
        if (noise.Errors > 0)
            errors *= Math.Exp((noise.Errors * _errorScore) - (noise.Errors * noise.Errors / 2));
        if (noise.Latency > 0)
            slowdown *= Math.Exp(noise.Latency * _latencyScore);
        if (_burstLeft-- > 0)
            errors += _background.Bursts.ErrorRate;
        if (_scenario.Outage && minute is >= 20 and < 25)
            (errors, slowdown) = (0.3, slowdown * 3);
        if (IsCold)
            slowdown *= 1 + Math.Exp(-Math.Max(0, minute) / ColdMinutes);
        if (_role == ArmRole.Canary)
            Regress(minute, ref errors, ref slowdown);
        Users = _scenario.CountsUsers ? NextUsers(requests, errors, slowdown) : null;
        if (minute >= _badClientFrom && minute < _badClientFrom + BadClientMinutes)
            errors += BadClientErrors;
        return NextPods(requests, errors, slowdown);
    }

    /// <summary>The newest interval by endpoint; empty for an arm with one pod.</summary>
    public ImmutableArray<EndpointCounts> Endpoints { get; private set; } = [];

    /// <summary>First requests of the users that came in the newest interval; null when users are not counted.</summary>
    public ArmCounts? Users { get; private set; }

    private static ILatencyLaw Law(Scenario scenario, ArmRole role)
    {
        if (role != ArmRole.Canary)
            return scenario.Background.Latency;
        var law = scenario.Regression.Latency ?? scenario.Background.Latency;
        return scenario.Regression.TailSlowdown > 1 ? new SlowTailLaw(law, scenario.Regression.TailSlowdown) : law;
    }

    private bool IsCold => _scenario.Cold switch
    {
        ColdStart.Canary => _role == ArmRole.Canary,
        ColdStart.CanaryAndBaseline => _role != ArmRole.Stable,
        _ => false,
    };

    private double[] Luck(int pods)
    {
        var luck = new double[pods];
        Array.Fill(luck, 1);
        if (_scenario.Lottery > 0)
        {
            // A single replica's luck is that of its arm, however many halves it is counted in.
            luck[0] = Math.Exp(_scenario.Lottery * Variates.Normal(_random));
            for (var pod = 1; pod < pods; pod++)
                luck[pod] = _scenario.Pods == 1 ? luck[0] : Math.Exp(_scenario.Lottery * Variates.Normal(_random));
        }

        if (_role == ArmRole.Canary)
            luck[0] *= _scenario.SlowPod;
        return luck;
    }

    private ArmCounts NextPods(long requests, double errors, double slowdown)
    {
        var all = ArmCounts.None;
        var endpoints = ImmutableArray.CreateBuilder<EndpointCounts>(_pods.Length);
        for (var pod = 0; pod < _pods.Length; pod++)
        {
            var own = BinomialSampler.Next(_random, requests, 1.0 / (_pods.Length - pod));
            requests -= own;
            (_pods[pod].ErrorRate, _pods[pod].Slowdown) = (Math.Clamp(errors, 0, 1), slowdown * _luck[pod]);
            var counts = _pods[pod].Next(_random, own);
            if (_pods.Length == 1)
                return counts;
            endpoints.Add(new EndpointCounts(_names[pod], counts));
            all = all.Merge(counts);
        }

        Endpoints = endpoints.MoveToImmutable();
        return all;
    }

    private ArmCounts NextUsers(long requests, double errors, double slowdown)
    {
        (_users.ErrorRate, _users.Slowdown) = (Math.Clamp(errors, 0, 1), slowdown);
        return _users.Next(_random, BinomialSampler.Next(_random, requests, UserShare));
    }

    private void Regress(double minute, ref double errors, ref double slowdown)
    {
        var regression = _scenario.Regression;
        if (minute >= regression.FromMinute)
        {
            errors += regression.Errors;
            slowdown *= regression.Slowdown;
        }

        slowdown *= 1 + (regression.LeakPerHour * Math.Max(0, minute) / 60);
    }

    private void BeginMinute()
    {
        if (_background.Noise != default)
        {
            _errorScore = _background.Noise.Step(_errorScore, Variates.Normal(_random));
            _latencyScore = _background.Noise.Step(_latencyScore, Variates.Normal(_random));
        }

        if (_background.Bursts.PerMinute > 0 && _random.NextDouble() < _background.Bursts.PerMinute)
            _burstLeft = _background.Bursts.Intervals;
    }
}
