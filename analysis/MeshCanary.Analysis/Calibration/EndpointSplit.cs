using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Divides the endpoints of stable into two halves of near-equal traffic. An endpoint keeps its half for as long as it
/// exists. Newcomers go to the lighter half, in an order that depends on their names only (and on the power of two of their
/// traffic, busiest first). Only when endpoints come or go, and one half then carries more than three times the other's
/// traffic or holds none, is another endpoint moved. What it knows of 64 endpoints it remembers; those beyond
/// go by their hash alone, which is even enough among so many. Deterministic. Not thread-safe.
/// </summary>
public sealed class EndpointSplit
{
    /// <summary>Endpoints that are placed one by one.</summary>
    public const int Remembered = 64;

    /// <summary>An endpoint that was not listed for so long is gone.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);

    private const double Lopsided = 3;
    private const double Smoothing = 0.125;

    private readonly Dictionary<string, PlacedEndpoint> _placed = new(StringComparer.Ordinal);
    private readonly List<EndpointCounts> _newcomers = [];

    /// <summary>Why there are no two halves now.</summary>
    public SplitObstacle Obstacle { get; private set; } = SplitObstacle.NoEndpoints;

    /// <summary>Endpoints that were moved to the other half so far; a comparison does not continue across a move.</summary>
    public long Moves { get; private set; }

    /// <summary>Takes notice of who is there; entries without a name or counts are passed over.</summary>
    /// <param name="endpoints">Stable's endpoints in an interval.</param>
    /// <param name="end">End of the interval (UTC).</param>
    public void Observe(ImmutableArray<EndpointCounts> endpoints, DateTimeOffset end)
    {
        if (endpoints.IsDefault)
            endpoints = [];
        foreach (var one in endpoints)
        {
            if (one is not { Endpoint: not null, Counts: not null })
                continue;
            if (!_placed.TryGetValue(one.Endpoint, out var placed))
                _newcomers.Add(one);
            else
                _placed[one.Endpoint] = placed with { LastSeen = end, Traffic = placed.Traffic + (Smoothing * (one.Counts.Attempts - placed.Traffic)) };
        }

        var gone = FadeAbsent(end);
        if (_newcomers.Count > 0)
            PlaceNewcomers(end);
        if (gone || _newcomers.Count > 0)
            Level();
        _newcomers.Clear();
        Obstacle = _placed.Count switch { 0 => SplitObstacle.NoEndpoints, 1 => SplitObstacle.OneEndpoint, _ => SplitObstacle.None };
    }

    /// <summary>The half (0 or 1) of an endpoint that was observed.</summary>
    public int HalfOf(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return _placed.TryGetValue(endpoint, out var placed) ? placed.Half : (int)(NameHash.Of(endpoint) & 1);
    }

    /// <summary>The state to be kept, ordered by name.</summary>
    public ImmutableArray<PlacedEndpoint> Save() => [.. InOrder()];

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">An endpoint is nameless, listed twice, in no half, or its traffic is no number from 0 on.</exception>
    public void Restore(ImmutableArray<PlacedEndpoint> state)
    {
        _placed.Clear();
        foreach (var one in state.IsDefault ? [] : state)
        {
            if (one is not { Endpoint: not null, Half: 0 or 1, Traffic: >= 0 and < double.PositiveInfinity } || !_placed.TryAdd(one.Endpoint, one))
                throw new ArgumentException($"The saved split holds an entry that is no endpoint of one half: {one}.", nameof(state));
        }

        Obstacle = _placed.Count switch { 0 => SplitObstacle.NoEndpoints, 1 => SplitObstacle.OneEndpoint, _ => SplitObstacle.None };
    }

    // By name, as a saved state is: a sum in another order differs in its last bit.
    private IOrderedEnumerable<PlacedEndpoint> InOrder() => _placed.Values.OrderBy(one => one.Endpoint, StringComparer.Ordinal);

    private bool FadeAbsent(DateTimeOffset end)
    {
        var gone = false;
        foreach (var (name, placed) in _placed)
        {
            if (placed.LastSeen == end)
                continue;
            if (end - placed.LastSeen >= ForgetAfter)
                gone |= _placed.Remove(name);
            else
                _placed[name] = placed with { Traffic = placed.Traffic * (1 - Smoothing) };
        }

        return gone;
    }

    private void PlaceNewcomers(DateTimeOffset end)
    {
        // A pod that starts has little traffic yet and will get its share.
        var usual = _placed.Count > 0 ? InOrder().Average(one => one.Traffic) : 0;
        var ordered = _newcomers
            .OrderByDescending(one => long.Log2(Math.Max(1, one.Counts.Attempts)))
            .ThenBy(one => NameHash.Of(one.Endpoint))
            .ThenBy(one => one.Endpoint, StringComparer.Ordinal);
        foreach (var one in ordered)
        {
            if (_placed.Count < Remembered)
                _placed.TryAdd(one.Endpoint, new PlacedEndpoint(one.Endpoint, Lighter(one.Endpoint), Math.Max(usual, one.Counts.Attempts), end));
        }
    }

    private int Lighter(string name)
    {
        var (first, second) = (Load(0), Load(1));
        if (first.Traffic == second.Traffic)
            return first.Count == second.Count ? (int)(NameHash.Of(name) & 1) : first.Count < second.Count ? 0 : 1;
        return first.Traffic < second.Traffic ? 0 : 1;
    }

    /// <summary>When a half is empty or far too light: moves endpoints one by one for as long as that makes it more even.</summary>
    private void Level()
    {
        for (var lopsided = false; _placed.Count > 1;)
        {
            var (first, second) = (Load(0), Load(1));
            var heavy = first.Count == 0 ? 1 : second.Count == 0 ? 0 : first.Traffic >= second.Traffic ? 0 : 1;
            var (more, less) = heavy == 0 ? (first, second) : (second, first);
            lopsided |= less.Count == 0 || more.Traffic > Lopsided * less.Traffic;
            if (!lopsided || more.Count < 2)
                return;
            var difference = more.Traffic - less.Traffic;
            var best = _placed.Values.Where(one => one.Half == heavy)
                .OrderBy(one => Math.Abs(one.Traffic - (difference / 2)))
                .ThenBy(one => NameHash.Of(one.Endpoint))
                .ThenBy(one => one.Endpoint, StringComparer.Ordinal)
                .First();
            if (less.Count > 0 && (best.Traffic <= 0 || best.Traffic >= difference))
                return;
            _placed[best.Endpoint] = best with { Half = 1 - heavy };
            Moves++;
        }
    }

    private (int Count, double Traffic) Load(int half)
    {
        var (count, traffic) = (0, 0.0);
        foreach (var one in InOrder())
        {
            if (one.Half == half)
                (count, traffic) = (count + 1, traffic + one.Traffic);
        }

        return (count, traffic);
    }
}
