namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The nm differences x − y of two sorted arms as a sorted multiset that is never formed. Rows and columns of the matrix
/// are sorted, so counting the differences up to a number takes n+m steps (Johnson and Mizoguchi 1978), and a bracket
/// around the wanted one is narrowed by counting until few enough are left to be sorted. The differences are those of
/// double arithmetic; subtraction rounds monotonically, so the matrix is sorted in it as well, and what is returned is one
/// of them, not an approximation. The arms hold no NaN and not both the same infinity.
/// </summary>
internal readonly ref struct PairwiseDifferences(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
{
    /// <summary>As many are sorted at the end; on the stack.</summary>
    private const int Few = 1024;

    /// <summary>A first guess is read from the differences of so many quantiles of either arm.</summary>
    private const int Quantiles = 32;

    /// <summary>How far beside the guess the bracket is laid, in places of the thinned differences.</summary>
    private const int Slack = 6;

    private readonly ReadOnlySpan<double> _x = x;
    private readonly ReadOnlySpan<double> _y = y;

    /// <summary>nm.</summary>
    public long Count => (long)_x.Length * _y.Length;

    /// <summary>The difference of a rank, 1 the smallest and nm the largest.</summary>
    public double Select(long rank)
    {
        var least = _x[0] - _y[^1];
        var below = CountUpTo(least);
        if (below >= rank)
            return least;
        var bracket = new Bracket(least, below, _x[^1] - _y[0], Count);
        if (_x.Length >= Quantiles && _y.Length >= Quantiles)
            Guess(ref bracket, rank);
        var guided = true;
        while (bracket.Inside > Few)
        {
            var before = bracket.Inside;
            if (guided)
                Interpolate(ref bracket, rank);
            else if (Halve(ref bracket, rank) is { } only)
                return only;

            // Where values are few or lie on many scales, only halving is sure to end: 64 times at most.
            guided = !guided || bracket.Inside <= before / 4;
        }

        return Pick(bracket, rank);
    }

    /// <summary>The difference of a rank that is next after that of <paramref name="before"/>.</summary>
    public double AtOrAfter(double before, long rank) => CountUpTo(before) >= rank ? before : LeastAbove(before);

    private void Guess(ref Bracket bracket, long rank)
    {
        Span<double> thinned = stackalloc double[Quantiles * Quantiles];
        for (var i = 0; i < Quantiles; i++)
        {
            for (var j = 0; j < Quantiles; j++)
                thinned[(i * Quantiles) + j] = QuantileOf(_x, i) - QuantileOf(_y, j);
        }

        thinned.Sort();
        var place = (int)(rank / (double)Count * thinned.Length);
        Narrow(ref bracket, rank, thinned[Math.Clamp(place - Slack, 0, thinned.Length - 1)]);
        Narrow(ref bracket, rank, thinned[Math.Clamp(place + Slack, 0, thinned.Length - 1)]);
    }

    private static double QuantileOf(ReadOnlySpan<double> sorted, int index) => sorted[(int)(((2 * index) + 1L) * sorted.Length / (2 * Quantiles))];

    /// <summary>Lays two pivots around where the rank would be if the differences were even between the ends.</summary>
    private void Interpolate(ref Bracket bracket, long rank)
    {
        var (low, width) = (bracket.Low, bracket.High - bracket.Low);
        var share = (rank - bracket.UpToLow) / (double)bracket.Inside;
        var margin = Math.Max(0.01, 2 / Math.Sqrt(bracket.Inside));
        Narrow(ref bracket, rank, low + ((share - margin) * width));
        Narrow(ref bracket, rank, low + ((share + margin) * width));
    }

    /// <summary>Halves the doubles between the ends; returns the difference when there is only one left.</summary>
    private double? Halve(ref Bracket bracket, long rank)
    {
        var (least, most) = (LeastAbove(bracket.Low), MostUpTo(bracket.High));
        if (least == most)
            return least;
        bracket = bracket with { High = most };
        Narrow(ref bracket, rank, DoubleOrder.Midpoint(least, most));
        return null;
    }

    private void Narrow(ref Bracket bracket, long rank, double pivot)
    {
        // Written so that a pivot that is no number narrows nothing.
        if (!(pivot > bracket.Low && pivot < bracket.High))
            return;
        var count = CountUpTo(pivot);
        bracket = count >= rank ? bracket with { High = pivot, UpToHigh = count } : bracket with { Low = pivot, UpToLow = count };
    }

    private double Pick(in Bracket bracket, long rank)
    {
        Span<double> inside = stackalloc double[Few];
        var found = 0;
        var (above, upTo) = (0, 0);
        foreach (var x in _x)
        {
            while (above < _y.Length && x - _y[above] > bracket.Low)
                above++;
            while (upTo < above && x - _y[upTo] > bracket.High)
                upTo++;
            for (var j = upTo; j < above; j++)
                inside[found++] = x - _y[j];
        }

        inside = inside[..found];
        inside.Sort();
        return inside[(int)(rank - bracket.UpToLow) - 1];
    }

    private long CountUpTo(double limit)
    {
        long count = 0;
        for (int i = 0, j = 0; i < _x.Length && j < _y.Length;)
        {
            var within = _x[i] - _y[j] <= limit ? 1 : 0;
            count += (_y.Length - j) & -within;
            i += within;
            j += 1 - within;
        }

        return count;
    }

    private double LeastAbove(double limit)
    {
        var least = double.PositiveInfinity;
        var j = 0;
        foreach (var x in _x)
        {
            while (j < _y.Length && x - _y[j] > limit)
                j++;
            if (j > 0)
                least = Math.Min(least, x - _y[j - 1]);
        }

        return least;
    }

    private double MostUpTo(double limit)
    {
        var most = double.NegativeInfinity;
        var j = 0;
        foreach (var x in _x)
        {
            while (j < _y.Length && x - _y[j] > limit)
                j++;
            if (j < _y.Length)
                most = Math.Max(most, x - _y[j]);
        }

        return most;
    }

    /// <summary>The wanted difference is in (Low, High]; how many differences reach up to either end.</summary>
    private readonly record struct Bracket(double Low, long UpToLow, double High, long UpToHigh)
    {
        public long Inside => UpToHigh - UpToLow;
    }
}
