namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// The probability of a bad event in stable as known before a block: (X + κ·p0)/(N + κ), κ = 1/p0, from past blocks
/// and a prior p0. Being predictable is what makes a plug-in alternative valid.
/// </summary>
internal sealed class StableRate
{
    public double Prior { get; set; } = 0.5;

    public long Requests { get; set; }

    public long Events { get; set; }

    public double Value => (Events + 1) / (Requests + (1 / Prior));

    public void Add(long requests, long events)
    {
        Requests += requests;
        Events += events;
    }
}
