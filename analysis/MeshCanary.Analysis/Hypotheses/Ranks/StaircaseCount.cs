using System.Runtime.CompilerServices;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// How many of the differences x − y of two sorted arms are at most a limit. In the matrix of differences (rows x upwards,
/// columns y upwards) they lie beyond a staircase that is walked in at most n+m steps. Each step waits for the comparison
/// before it, so four parts of the staircase are walked side by side; where a part begins is found by halving on a diagonal
/// (the "merge path" of Odeh, Green, Mwassi, Shmueli and Birk 2012).
/// </summary>
internal static class StaircaseCount
{
    private const int Parts = 4;

    /// <summary>The number of pairs with x − y ≤ limit in double arithmetic. No difference is NaN.</summary>
    public static long UpTo(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double limit)
    {
        var steps = Length(x, y, limit);
        var part = steps / Parts;
        int a = 0, b = RowAt(x, y, limit, part), c = RowAt(x, y, limit, 2 * part), d = RowAt(x, y, limit, 3 * part);
        long inA = 0, inB = 0, inC = 0, inD = 0;
        for (var step = 0; step < part; step++)
        {
            Walk(x, y, limit, step, ref a, ref inA);
            Walk(x, y, limit, step + part, ref b, ref inB);
            Walk(x, y, limit, step + (2 * part), ref c, ref inC);
            Walk(x, y, limit, step + (3 * part), ref d, ref inD);
        }

        for (var step = Parts * part; step < steps; step++)
            Walk(x, y, limit, step, ref d, ref inD);
        return inA + inB + inC + inD;
    }

    /// <summary>
    /// One step, at a row and the column step − row: a difference within the limit ends the row and counts all columns from
    /// there, else the next column is looked at. Without a branch: which of both it is cannot be foreseen.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Walk(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double limit, int step, ref int row, ref long count)
    {
        var column = step - row;
        var within = x[row] - y[column] <= limit ? 1 : 0;
        count += (y.Length - column) & -within;
        row += within;
    }

    /// <summary>Steps until rows or columns are used up: all rows and some columns, or all columns and some rows.</summary>
    private static int Length(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double limit)
    {
        int from = 0, to;
        if (x[^1] - y[^1] <= limit)
        {
            for (to = y.Length - 1; from < to;)
            {
                var column = from + ((to - from) / 2);
                if (x[^1] - y[column] <= limit)
                    to = column;
                else
                    from = column + 1;
            }

            return x.Length + from;
        }

        for (to = x.Length - 1; from < to;)
        {
            var row = from + ((to - from) / 2);
            if (x[row] - y[^1] <= limit)
                from = row + 1;
            else
                to = row;
        }

        return y.Length + from;
    }

    /// <summary>The row in which the staircase is before a step: how many rows have ended.</summary>
    private static int RowAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double limit, int step)
    {
        var (from, to) = (Math.Max(0, step - y.Length), Math.Min(x.Length, step));
        while (from < to)
        {
            var row = from + ((to - from) / 2);
            if (x[row] - y[step - row - 1] <= limit)
                from = row + 1;
            else
                to = row;
        }

        return from;
    }
}
