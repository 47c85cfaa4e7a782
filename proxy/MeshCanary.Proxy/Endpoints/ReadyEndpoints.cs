using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>What is ready at one moment. Immutable, but for the slow start of its youngest, which time ends.</summary>
internal sealed class ReadyEndpoints
{
    private readonly Endpoint[] _all;
    private readonly Endpoint[] _ready;
    private readonly SlowStart? _slowStart;

    private ReadyEndpoints(int stamp, Endpoint[] all, SlowStart? slowStart)
    {
        (Stamp, _all, _slowStart) = (stamp, all, slowStart);
        _ready = [.. all.Where(endpoint => endpoint.IsReady)];
    }

    /// <summary>The group's stamp before it was made.</summary>
    public int Stamp { get; }

    public int Count => _ready.Length;

    public static ReadyEndpoints Of(int stamp, IEnumerable<Endpoint> all, EndpointGroup group) =>
        new(stamp, [.. all], group.Settings.SlowStart > TimeSpan.Zero ? new SlowStart(group.Settings.SlowStart, group.Tools.Time) : null);

    public Endpoint? Pick(Endpoint? except) => Pick(_ready, except);

    public Endpoint? PickAny(Endpoint? except) => Pick(_all, except);

    private Endpoint? Pick(Endpoint[] from, Endpoint? except)
    {
        if (except is not null && Array.IndexOf(from, except) is >= 0 and var hole)
            return from.Length == 1 ? null : Better(from, from.Length - 1, hole);
        return from.Length switch
        {
            0 => null,
            1 => from[0],
            _ => Better(from, from.Length, from.Length),
        };
    }

    // Two different ones out of count, which are all but the one at the hole.
    private Endpoint Better(Endpoint[] from, int count, int hole)
    {
        if (count == 1)
            return from[hole == 0 ? 1 : 0];
        var chance = FastRandom.Next();
        var first = (int)((uint)chance * (ulong)count >> 32);
        var second = (int)((chance >> 32) * (ulong)(count - 1) >> 32);
        if (second >= first)
            second++;
        var (one, other) = (from[first < hole ? first : first + 1], from[second < hole ? second : second + 1]);
        return _slowStart is not null
            ? _slowStart.Better(one, other)
            : one.InFlight <= other.InFlight ? one : other;
    }
}
