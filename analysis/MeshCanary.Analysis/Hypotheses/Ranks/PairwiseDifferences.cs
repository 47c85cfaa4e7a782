namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The nm differences x − y of two sorted arms as a sorted multiset that is never formed. Rows and columns of the matrix
/// are sorted, so counting the differences up to a number takes n+m steps (Johnson and Mizoguchi 1978), and a bracket
/// around the wanted one is narrowed by counting until few enough are left to be sorted. The differences are those of
/// double arithmetic; subtraction rounds monotonically, so the matrix is sorted in it as well, and what is returned is one
/// of them, not an approximation. The arms hold no NaN and not both the same infinity.
/// </summary>
internal readonly ref struct PairwiseDifferences
{
    /// <summary>Room that the caller lends, in doubles.</summary>
    public const int Room = Quantiles * Quantiles;

    /// <summary>A first guess is read from the differences of so many quantiles of either arm.</summary>
    private const int Quantiles = 32;

    /// <summary>How far beside the guess the bracket is laid, in places of the thinned differences.</summary>
    private const int Slack = 6;

    /// <summary>As many are sorted at the end; on the stack.</summary>
    private const int Few = 1024;

    private readonly ReadOnlySpan<double> _x;
    private readonly ReadOnlySpan<double> _y;
    private readonly ReadOnlySpan<double> _thinned;

    /// <param name="x">Sorted upwards, at least one value.</param>
    /// <param name="y">Sorted upwards, at least one value.</param>
    /// <param name="room">At least <see cref="Room"/> doubles, overwritten, not to be touched while this is used.</param>
    public PairwiseDifferences(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> room)
    {
        _x = x;
        _y = y;
        if (Count <= Few || Math.Min(x.Length, y.Length) < Quantiles)
            return;
        for (var i = 0; i < Room; i++)
            room[i] = QuantileOf(x, i / Quantiles) - QuantileOf(y, i % Quantiles);
        room[..Room].Sort();
        _thinned = room[..Room];
    }

    /// <summary>nm.</summary>
    public long Count => (long)_x.Length * _y.Length;

    /// <summary>The difference of a rank, 1 the smallest and nm the largest.</summary>
    public double Select(long rank) => Select(rank, out _);

    /// <summary>The differences of a rank and of the next one; both the same for the last.</summary>
    public double Select(long rank, out double next)
    {
        // Nothing is below the least, but below −∞ there is no number to begin at.
        var least = _x[0] - _y[^1];
        var low = Math.BitDecrement(least);
        var bracket = new Bracket(low, low < least ? 0 : StaircaseCount.UpTo(_x, _y, low), _x[^1] - _y[0], Count);
        if (bracket.UpToLow >= rank)
            bracket = new Bracket(low, 0, low, bracket.UpToLow);
        else
            Guess(ref bracket, rank);
        var guided = true;
        while (bracket.Inside > Few && bracket.Low < bracket.High)
        {
            var before = bracket.Inside;
            if (guided)
                Interpolate(ref bracket, rank);
            else
                Halve(ref bracket, rank);

            // Where values are few or lie on many scales, only halving is sure to end: 64 times at most.
            guided = !guided || bracket.Inside <= before / 4;
        }

        return Pick(bracket, rank, out next);
    }

    private static double QuantileOf(ReadOnlySpan<double> sorted, int index) => sorted[(int)(((2 * index) + 1L) * sorted.Length / (2 * Quantiles))];

    private void Guess(ref Bracket bracket, long rank)
    {
        if (_thinned.IsEmpty)
            return;
        var place = (int)(rank / (double)Count * _thinned.Length);
        Narrow(ref bracket, rank, _thinned[Math.Max(place - Slack, 0)]);
        Narrow(ref bracket, rank, _thinned[Math.Min(place + Slack, _thinned.Length - 1)]);
    }

    /// <summary>Lays two pivots around where the rank would be if the differences were even between the ends.</summary>
    private void Interpolate(ref Bracket bracket, long rank)
    {
        var (low, width) = (bracket.Low, bracket.High - bracket.Low);
        var share = (rank - bracket.UpToLow) / (double)bracket.Inside;
        var margin = Math.Max(0.01, 2 / Math.Sqrt(bracket.Inside));
        Narrow(ref bracket, rank, low + ((share - margin) * width));
        Narrow(ref bracket, rank, low + ((share + margin) * width));
    }

    /// <summary>Halves the doubles between the ends; when only one difference is left, the bracket becomes that difference.</summary>
    private void Halve(ref Bracket bracket, long rank)
    {
        var (least, most) = (LeastAbove(bracket.Low), MostUpTo(bracket.High));
        bracket = bracket with { Low = least == most ? most : bracket.Low, High = most };
        if (least < most)
            Narrow(ref bracket, rank, DoubleOrder.Midpoint(least, most));
    }

    private void Narrow(ref Bracket bracket, long rank, double pivot)
    {
        // Written so that a pivot that is no number narrows nothing.
        if (!(pivot > bracket.Low && pivot < bracket.High))
            return;
        var count = StaircaseCount.UpTo(_x, _y, pivot);
        bracket = count >= rank ? bracket with { High = pivot, UpToHigh = count } : bracket with { Low = pivot, UpToLow = count };
    }

    /// <summary>Reads the rank from what is left: one number, or few differences that are sorted.</summary>
    private double Pick(in Bracket bracket, long rank, out double next)
    {
        var isLast = rank == bracket.UpToHigh;
        next = isLast && rank < Count ? LeastAbove(bracket.High) : bracket.High;
        if (bracket.Low == bracket.High)
            return bracket.High;
        Span<double> inside = stackalloc double[Few];
        inside = inside[..Gather(bracket, inside)];
        inside.Sort();
        var place = (int)(rank - bracket.UpToLow) - 1;
        if (rank == Count)
            next = inside[place];
        else if (!isLast)
            next = inside[place + 1];
        return inside[place];
    }

    private int Gather(in Bracket bracket, Span<double> inside)
    {
        var (found, above) = (0, 0);
        foreach (var x in _x)
        {
            while (above < _y.Length && x - _y[above] > bracket.Low)
                above++;

            // Few rows have any, so going back over them costs less than a second pointer.
            for (var j = above - 1; j >= 0 && x - _y[j] <= bracket.High; j--)
                inside[found++] = x - _y[j];
        }

        return found;
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

    /// <summary>The wanted difference is in (Low, High], or is both when they are the same; how many differences reach up to either.</summary>
    private readonly record struct Bracket(double Low, long UpToLow, double High, long UpToHigh)
    {
        public long Inside => UpToHigh - UpToLow;
    }
}
