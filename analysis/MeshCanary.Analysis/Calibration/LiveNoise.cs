using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// One metric's live φ and the evidence that it exceeds the stored one. For each batch length an e-process of the
/// variance ratio: with y = (Σz)²/blocks of a batch and φ0 the stored upper bound, e = 2^(−1/2)·exp(y/(4φ0)), the likelihood ratio of
/// N(0, 2φ0) to N(0, φ0). y is cut off at 9φ0, which can only lower e, so that one broken minute is not an alarm. Their mean is an
/// e-process, and Ville's inequality bounds its maximum over the run.
/// </summary>
internal sealed class LiveNoise
{
    private const double Factor = 2;
    private const double CutOff = 9;
    private const int EnoughBlocks = 10;
    private const double QuietConfidence = 0.99;

    private readonly BlockMeter _meter;
    private readonly MetricCalibration _stored;
    private readonly double[] _evidence = new double[PhiSums.BatchMinutes.Length];
    private double _highest;

    public LiveNoise(MetricCalibration stored)
    {
        _stored = stored;
        _meter = new BlockMeter(Weigh);
    }

    public string Metric => _stored.Metric;

    public void Add(HalfCounts counts, DateTimeOffset start, DateTimeOffset end)
    {
        if (!_meter.Add(counts, start, end))
            return;
        _highest = Math.Max(_highest, LogMath.Sum(_evidence) - Math.Log(_evidence.Length));
    }

    public MetricAlarm Describe(double threshold)
    {
        var sums = _meter.Sums;
        var live = PhiEstimate.From(sums);
        var stored = _stored.OverdispersionAt(live.BlockRequests);
        var kind = AlarmKind.AsStored;
        if (_stored.UpperBound is null || live.Blocks < EnoughBlocks)
            kind = AlarmKind.NotEnough;
        else if (_highest >= threshold && live.Uncorrected > Factor * stored)
            kind = AlarmKind.Louder;
        else if (Upper(sums) < stored / Factor)
            kind = AlarmKind.Quieter;
        return new MetricAlarm(Metric, kind, stored, live.Uncorrected, live.Blocks, _highest);
    }

    public MetricAlarmState Save() => new() { Metric = Metric, Meter = _meter.Save(), Evidence = [.. _evidence], Highest = _highest };

    public void Restore(MetricAlarmState state)
    {
        if (state.Evidence.IsDefault || state.Evidence.Length != _evidence.Length || !state.Evidence.All(double.IsFinite) || !double.IsFinite(state.Highest))
            throw new ArgumentException($"The saved evidence of {state.Metric} is not {_evidence.Length} finite numbers.", nameof(state));
        _meter.Restore(state.Meter);
        state.Evidence.CopyTo(_evidence);
        _highest = state.Highest;
    }

    private void Weigh(int length, double square)
    {
        if (_stored.UpperBound is not { } bound)
            return;
        var sums = _meter.Sums;
        var traffic = sums.ComparedBlocks > 0 ? sums.Requests / sums.ComparedBlocks : 0;
        var reference = bound * _stored.OverdispersionAt(traffic) / _stored.Overdispersion;
        var ratio = Math.Min(CutOff, square / reference);
        _evidence[length] += (-0.5 * Math.Log(Factor)) + (0.5 * ratio * (1 - (1 / Factor)));
    }

    /// <summary>Upper bound of live φ over the lengths with enough batches; infinite without one.</summary>
    private static double Upper(PhiSums sums)
    {
        var upper = double.PositiveInfinity;
        foreach (var length in sums.Lengths)
        {
            if (length.Batches < SmallSample.EnoughBatches || length.Mean is not { } mean)
                continue;
            var bound = mean * SmallSample.UpperFactor(length.Batches, QuietConfidence);
            upper = double.IsInfinity(upper) ? bound : Math.Max(upper, bound);
        }

        return upper;
    }
}
