using System.Numerics;

namespace MeshCanary.Proxy.Recording;

/// <summary>
/// A row of counters kept once per core, so that cores that count at the same time share no cache line. Cells only
/// rise; a reader sums the stripes and subtracts what it read before, so every increment falls in exactly one interval.
/// </summary>
internal sealed class StripedCells
{
    // Two lines of 64 bytes: the adjacent-line prefetcher pulls pairs.
    private const int PaddingCells = 16;

    private static readonly int Stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Environment.ProcessorCount));

    private readonly long[] _cells;
    private readonly int _stride;

    public StripedCells(int count)
    {
        Count = count;
        _stride = (((count + PaddingCells - 1) / PaddingCells) + 1) * PaddingCells;
        _cells = new long[Stripes * _stride];
    }

    public int Count { get; }

    public void Increment(int cell) => Interlocked.Increment(ref At(cell));

    public void Add(int cell, long amount) => Interlocked.Add(ref At(cell), amount);

    public long Sum(int cell)
    {
        long sum = 0;
        for (var stripe = 0; stripe < Stripes; stripe++)
            sum += Volatile.Read(ref _cells[(stripe * _stride) + cell]);
        return sum;
    }

    public void ReadInto(Span<long> sums)
    {
        for (var cell = 0; cell < Count; cell++)
            sums[cell] = Sum(cell);
    }

    private ref long At(int cell) => ref _cells[((Thread.GetCurrentProcessorId() & (Stripes - 1)) * _stride) + cell];
}
