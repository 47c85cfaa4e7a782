using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>Stable's counts of the newest day, added to in place.</summary>
internal sealed class DayCounts
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];

    public long Errors { get; private set; }

    public LatencyHistogram Latency => LatencyHistogram.FromCounts(_latency);

    public void Add(ArmCounts counts)
    {
        Errors += counts.Errors;
        counts.Latency.AddTo(_latency);
    }

    public void Clear()
    {
        Errors = 0;
        Array.Clear(_latency);
    }

    public void Restore(long errors, LatencyHistogram latency)
    {
        Clear();
        Errors = errors;
        latency.AddTo(_latency);
    }
}
