using System.Numerics;

namespace MeshCanary.Proxy.Recording;

/// <summary>
/// A row of counters kept once per core, so that cores that count at the same time share no cache line. A core's row is
/// made when that core first counts: thousands of idle routes cost next to nothing. Cells only rise; a reader sums the
/// rows and subtracts what it read before, so every increment falls in exactly one interval.
/// </summary>
internal sealed class StripedCells(int count)
{
    // Two lines of 64 bytes on either side: the adjacent-line prefetcher pulls pairs, and what lies beside is another's.
    private const int PaddingCells = 16;

    private static readonly int Stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Environment.ProcessorCount));

    private readonly long[]?[] _stripes = new long[Stripes][];

    public int Count { get; } = count;

    public void Increment(int cell) => Interlocked.Increment(ref Own()[PaddingCells + cell]);

    public void Add(int cell, long amount) => Interlocked.Add(ref Own()[PaddingCells + cell], amount);

    public long Sum(int cell)
    {
        long sum = 0;
        foreach (ref var stripe in _stripes.AsSpan())
        {
            if (Volatile.Read(ref stripe) is { } cells)
                sum += Volatile.Read(ref cells[PaddingCells + cell]);
        }

        return sum;
    }

    /// <summary>Writes the sum of every cell; row by row, since that is how they lie in memory.</summary>
    public void ReadInto(Span<long> sums)
    {
        sums[..Count].Clear();
        foreach (ref var stripe in _stripes.AsSpan())
        {
            if (Volatile.Read(ref stripe) is not { } cells)
                continue;
            var row = cells.AsSpan(PaddingCells, Count);
            for (var cell = 0; cell < row.Length; cell++)
                sums[cell] += Volatile.Read(ref row[cell]);
        }
    }

    private long[] Own()
    {
        ref var stripe = ref _stripes[Thread.GetCurrentProcessorId() & (Stripes - 1)];
        return Volatile.Read(ref stripe) ?? Make(ref stripe);
    }

    private long[] Make(ref long[]? stripe)
    {
        var made = new long[Count + (2 * PaddingCells)];
        return Interlocked.CompareExchange(ref stripe, made, null) ?? made;
    }
}
