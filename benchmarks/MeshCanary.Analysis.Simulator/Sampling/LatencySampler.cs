using System.Runtime.InteropServices;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>
/// Draws how many of n latencies fall into each bucket. Only the counts matter to every judge, so a law is reduced to
/// its bucket shares once per slowdown: single requests are then drawn by Walker's alias method (Walker 1977; Vose 1991) in
/// constant time each, and large numbers by conditional binomials, one a bucket.
/// </summary>
internal sealed class LatencySampler
{
    // From here on a binomial per bucket is quicker than a draw per request.
    private const long Many = 4000;

    // Shares below this are left to the neighbour: they would not come up in a hundred billion requests.
    private const double Nothing = 1e-12;

    private readonly ILatencyLaw _law;
    private readonly double[] _shares = new double[LatencyBuckets.Count];
    private readonly double[] _own = new double[LatencyBuckets.Count];
    private readonly ulong[] _threshold = new ulong[LatencyBuckets.Count];
    private readonly int[] _alias = new int[LatencyBuckets.Count];
    private readonly int[] _open = new int[LatencyBuckets.Count];
    private double _slowdown = double.NaN;
    private int _first;
    private int _width;

    public LatencySampler(ILatencyLaw law) => _law = law;

    /// <summary>Adds <paramref name="requests"/> latencies, each longer by the factor, to the counts of their buckets.</summary>
    public void Draw(Random random, long requests, double slowdown, Span<long> counts)
    {
        if (slowdown != _slowdown)
            Reshape(slowdown);
        if (requests < Many)
            DrawEach(random, requests, counts.Slice(_first, _width));
        else
            DrawBuckets(random, requests, counts);
    }

    private void DrawEach(Random random, long requests, Span<long> counts)
    {
        // 32 random bits times the number of places: the upper half is a place, the lower half decides between its two
        // buckets. No bucket's probability is off by more than 2^-32.
        Span<uint> bits = stackalloc uint[256];
        while (requests > 0)
        {
            var some = bits[..(int)Math.Min(requests, bits.Length)];
            random.NextBytes(MemoryMarshal.AsBytes(some));
            foreach (var word in some)
            {
                var product = (ulong)word * (uint)counts.Length;
                var place = (int)(product >> 32);
                counts[(uint)product < _threshold[place] ? place : _alias[place]]++;
            }

            requests -= some.Length;
        }
    }

    private void DrawBuckets(Random random, long requests, Span<long> counts)
    {
        var (left, share, last) = (requests, 1.0, _first + _width - 1);
        for (var bucket = _first; bucket < last && left > 0; bucket++)
        {
            var drawn = BinomialSampler.Next(random, left, Math.Min(1, _shares[bucket] / share));
            counts[bucket] += drawn;
            left -= drawn;
            share = Math.Max(1e-300, share - _shares[bucket]);
        }

        counts[last] += left;
    }

    private void Reshape(double slowdown)
    {
        _slowdown = slowdown;
        (_first, var before) = (-1, 0.0);
        for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
        {
            var edge = LatencyBuckets.UpperEdgeSeconds(bucket) / slowdown;
            var upTo = double.IsInfinity(edge) ? 1 : Math.Max(before, _law.UpTo(edge));
            if (upTo > 1 - Nothing)
                upTo = 1;
            _shares[bucket] = upTo < Nothing ? 0 : upTo - before;
            if (_shares[bucket] <= 0)
                continue;
            before = upTo;
            if (_first < 0)
                _first = bucket;
            _width = bucket - _first + 1;
            if (before >= 1)
                break;
        }

        Pair();
    }

    /// <summary>Vose's construction: every place holds its own bucket and, for what it lacks of 1/width, one other.</summary>
    private void Pair()
    {
        var (poor, rich) = (0, _width);
        for (var place = 0; place < _width; place++)
        {
            _own[place] = _shares[_first + place] * _width;
            _alias[place] = place;
            if (_own[place] < 1)
                _open[poor++] = place;
            else
                _open[--rich] = place;
        }

        while (poor > 0 && rich < _width)
        {
            var (needy, giver) = (_open[--poor], _open[rich]);
            _alias[needy] = giver;
            _own[giver] -= 1 - _own[needy];
            if (_own[giver] >= 1)
                continue;
            rich++;
            _open[poor++] = giver;
        }

        // What rounding left over keeps its own place.
        while (poor > 0)
            _own[_open[--poor]] = 1;
        while (rich < _width)
            _own[_open[rich++]] = 1;
        for (var place = 0; place < _width; place++)
            _threshold[place] = (ulong)(Math.Min(1, _own[place]) * 4294967296.0);
    }
}
