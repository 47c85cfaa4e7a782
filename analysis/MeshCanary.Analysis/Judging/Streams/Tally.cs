namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>Requests of an arm (or of a part of it) and the bad ones among them, as one metric counts them.</summary>
/// <param name="Requests">Requests that say something of the metric.</param>
/// <param name="Events">Of them the bad ones.</param>
internal readonly record struct Tally(long Requests, long Events)
{
    /// <summary>What remains without a part. A part that a source counted larger than the whole leaves nothing, not less.</summary>
    public Tally Without(Tally part)
    {
        var events = Math.Max(0, Events - part.Events);
        return new Tally(Math.Max(events, Requests - part.Requests), events);
    }

    public static Tally operator +(Tally one, Tally other) => new(one.Requests + other.Requests, one.Events + other.Events);
}
