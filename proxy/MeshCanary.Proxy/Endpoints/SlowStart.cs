using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Gives an endpoint that became ready a share that rises from a tenth to the whole. Its load is divided by the share, and
/// it is passed over by chance as well: without load all are equally idle, and a young one would get as much as any.
/// </summary>
internal sealed class SlowStart(TimeSpan length, TimeProvider time)
{
    private const double FirstShare = 0.1;

    private readonly double _ticks = length.TotalSeconds * time.TimestampFrequency;

    public Endpoint Better(Endpoint one, Endpoint other)
    {
        var now = time.GetTimestamp();
        var (first, second) = (Share(one, now), Share(other, now));
        if (first < 1 || second < 1)
        {
            var chance = (FastRandom.Next() >> 11) * (1.0 / (1UL << 53));
            if (chance >= Math.Min(first, second) / Math.Max(first, second))
                return first < second ? other : one;
        }

        return one.InFlight * second <= other.InFlight * first ? one : other;
    }

    private double Share(Endpoint endpoint, long now) =>
        Math.Clamp(FirstShare + ((1 - FirstShare) * (now - endpoint.State.ReadySince) / _ticks), FirstShare, 1);
}
