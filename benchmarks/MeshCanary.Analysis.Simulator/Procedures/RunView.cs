using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// What procedures see of a run: the newest interval, and the minutes so far. One for all procedures of a run, so that they
/// judge the same requests.
/// </summary>
internal sealed class RunView
{
    private readonly int _excludedIntervals;
    private readonly bool _wantsMinutes;
    private readonly OpenMinute _canary = new();
    private readonly OpenMinute _other = new();

    /// <param name="excludedMinutes">Minutes from the start that do not count.</param>
    /// <param name="wantsMinutes">Whether a procedure looks at minutes.</param>
    public RunView(int excludedMinutes, bool wantsMinutes)
    {
        _excludedIntervals = excludedMinutes * Clock.PerMinute;
        _wantsMinutes = wantsMinutes;
    }

    /// <summary>The newest interval.</summary>
    public IntervalSample Sample { get; private set; } = null!;

    /// <summary>Whether it only teaches what stable looks like.</summary>
    public bool IsWarmup { get; private set; }

    /// <summary>Minutes since the start at the end of the newest interval.</summary>
    public double Minute { get; private set; }

    /// <summary>Whether a minute that counts has just ended.</summary>
    public bool IsMinuteEnd { get; private set; }

    /// <summary>Whether this was the last interval.</summary>
    public bool IsLast { get; private set; }

    /// <summary>What the canary is compared with: the baseline of a three-way rollout, or else stable.</summary>
    public ArmCounts Other => Sample.Baseline ?? Sample.Stable;

    /// <summary>The canary by minutes that count.</summary>
    public List<MinutePoint> CanaryMinutes { get; } = new(Clock.RunMinutes);

    /// <summary>The other arm by minutes that count.</summary>
    public List<MinutePoint> OtherMinutes { get; } = new(Clock.RunMinutes);

    /// <summary>Takes an interval; <paramref name="index"/> is below 0 in the warm-up.</summary>
    public void Add(int index, IntervalSample sample)
    {
        Sample = sample;
        Minute = (index + 1.0) / Clock.PerMinute;
        IsWarmup = index < _excludedIntervals;
        IsLast = index == Clock.RunIntervals - 1;
        IsMinuteEnd = !IsWarmup && (index + 1) % Clock.PerMinute == 0;
        if (IsWarmup || !_wantsMinutes)
            return;
        _canary.Add(sample.Canary);
        _other.Add(Other);
        if (!IsMinuteEnd)
            return;
        CanaryMinutes.Add(_canary.Close());
        OtherMinutes.Add(_other.Close());
    }
}
