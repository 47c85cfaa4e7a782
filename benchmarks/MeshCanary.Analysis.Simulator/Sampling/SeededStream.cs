using System.Buffers.Binary;
using System.Numerics;

namespace MeshCanary.Analysis.Simulator.Sampling;

/// <summary>
/// A seeded generator whose numbers are part of its definition, unlike those of <see cref="Random"/>: xoshiro256**
/// (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4)), its state filled by
/// SplitMix64 as they advise. Not thread-safe: every run has one of its own.
/// </summary>
internal sealed class SeededStream : Random
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <param name="seed">Any number; each gives a stream of its own.</param>
    public SeededStream(ulong seed)
        : base(0)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>
    /// The stream of one run: a function of the master seed, the row's name and the run's number only, so that neither the
    /// number of threads nor the choice of rows changes a figure.
    /// </summary>
    public static SeededStream For(long master, string row, int run)
    {
        // FNV-1a over the name; string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var letter in row)
            hash = (hash ^ letter) * 1099511628211UL;
        var state = unchecked((ulong)master);
        var seed = SplitMix(ref state) ^ hash;
        seed = SplitMix(ref seed) + (ulong)run;
        return new SeededStream(SplitMix(ref seed));
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public override double NextDouble() => (Bits() >> 11) * Unit;

    /// <summary>Fills whole words of eight bytes from one number each, and what is left over from one more.</summary>
    public override void NextBytes(Span<byte> buffer)
    {
        for (; buffer.Length >= sizeof(ulong); buffer = buffer[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, Bits());
        for (var rest = buffer.IsEmpty ? 0 : Bits(); !buffer.IsEmpty; buffer = buffer[1..], rest >>= 8)
            buffer[0] = (byte)rest;
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private ulong Bits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
