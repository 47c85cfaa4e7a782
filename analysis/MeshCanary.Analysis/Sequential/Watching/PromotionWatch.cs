using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Watching;

/// <summary>
/// The watch after promotion. All traffic is on the new version, nothing runs beside it, so it is held against what the run
/// itself measured: null p_i ≤ q in every interval, q = a + (1+r)·p̄₀ with p̄₀ the upper confidence limit of the reference
/// (<see cref="PromotionReference.UpperRate"/>, at α/4). Per interval and odds ratio of <see cref="OddsGrid"/>
/// ln e = [x·ln(t/q) + (n−x)·ln((1−t)/(1−q))]/φ, t at that odds ratio above q: E[e] ≤ 1 for every p ≤ q, because the
/// expectation rises in p and is 1 at q. A Shiryaev-Roberts <see cref="EDetector"/> takes the e-values and alarms at T/(0.75·α).
/// P(false alarm within T intervals) ≤ α/4 + 0.75·α: the reference misses, or the detector does (E[SR_T] ≤ T).
/// <para>
/// The reference's uncertainty is paid by a higher boundary, not by evidence: a run of few requests makes a blunt watch, never a
/// wrong one. What it cannot know is whether the world changed: a rate that rises by day or for every version alike is taken for
/// the version's fault as soon as it passes the margin. Allow for it in the margin. Not thread-safe.
/// </para>
/// </summary>
public sealed class PromotionWatch
{
    private const double ReferenceShare = 0.25;

    private readonly EDetector _detector;
    private readonly double[] _perEvent = new double[OddsGrid.Count];
    private readonly double[] _perGood = new double[OddsGrid.Count];
    private readonly double[] _values = new double[OddsGrid.Count];
    private readonly double _overdispersion;
    private readonly double _logPlanned;

    /// <summary>Freezes the reference.</summary>
    /// <param name="reference">The arm of the run that is held to be good.</param>
    /// <param name="options">How it is watched.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or the reference is outside its range.</exception>
    public PromotionWatch(PromotionReference reference, PromotionWatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (reference.Events < 0 || reference.Events > reference.Requests)
            throw new ArgumentOutOfRangeException(nameof(reference), reference, "Give at least no events, and at least as many requests.");
        _overdispersion = options.Overdispersion;
        _logPlanned = Math.Log(options.PlannedIntervals);
        var share = (1 - ReferenceShare) * options.Alpha;
        Threshold = -Math.Log(share);
        _detector = new EDetector(DetectorKind.ShiryaevRoberts, share / options.PlannedIntervals, [.. Enumerable.Repeat(OddsGrid.Weight, OddsGrid.Count)]);
        var boundary = options.Margin.Boundary(reference.UpperRate(ReferenceShare * options.Alpha, options.Overdispersion));
        Boundary = Math.Min(1, Math.Max(boundary, ArmRates.Floor));
        for (var k = 0; CanJudge && k < _values.Length; k++)
        {
            var odds = Boundary / (1 - Boundary) * OddsGrid.Values[k];
            var alternative = odds / (1 + odds);
            _perEvent[k] = Math.Log(alternative / Boundary);
            _perGood[k] = Logarithms.OnePlus((Boundary - alternative) / (1 - Boundary));
        }
    }

    /// <summary>q: the rate from which on the new version counts as worse; 1 when the reference says nothing.</summary>
    public double Boundary { get; }

    /// <summary>Whether there is a rate above the boundary at all; without one no interval is ever evidence.</summary>
    public bool CanJudge => Boundary < 1 - ArmRates.Floor;

    /// <summary>ln(SR/T): comparable with the evidence of a run; negative infinity before the first interval.</summary>
    public double LogEvidence => _detector.LogEvidence - _logPlanned;

    /// <summary>ln(1/(0.75·α)): where it alarms.</summary>
    public double Threshold { get; }

    /// <summary>Whether it ever alarmed.</summary>
    public bool HasAlarmed => _detector.HasAlarmed;

    /// <summary>Intervals that counted.</summary>
    public int Intervals { get; private set; }

    /// <summary>Takes an interval of the new version; one without requests is no time.</summary>
    /// <param name="requests">n, at least 0.</param>
    /// <param name="events">x of them bad.</param>
    /// <returns>False, and nothing is taken, when a count is negative, there are more events than requests, or the reference says nothing.</returns>
    public bool Observe(long requests, long events)
    {
        if (events < 0 || events > requests || !CanJudge)
            return false;
        if (requests == 0)
            return true;
        for (var k = 0; k < _values.Length; k++)
            _values[k] = ((events * _perEvent[k]) + ((requests - events) * _perGood[k])) / _overdispersion;
        Intervals++;
        return _detector.Observe(_values);
    }

    /// <summary>What a restart needs beside the reference and the options.</summary>
    public PromotionWatchState Save() => new() { Intervals = Intervals, Detector = _detector.Save() };

    /// <summary>Goes on from a saved state of a watch with the same reference and options.</summary>
    /// <exception cref="ArgumentException">The state holds what no watch can have.</exception>
    public void Restore(PromotionWatchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Intervals < 0)
            throw new ArgumentException("The state of a watch has to have at least no intervals.", nameof(state));
        _detector.Restore(state.Detector);
        Intervals = state.Intervals;
    }
}
