using System.Buffers;
using System.Runtime.InteropServices;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// Sorts doubles by the digits of their bits, lowest first: six stable passes of eleven bits, without a comparison that
/// the processor could guess wrong. Several times as fast as comparing from a thousand values on.
/// </summary>
internal static class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 6;
    private const int Radix = 1 << DigitBits;

    // Below, clearing and summing the counts costs more than comparing.
    private const int Worthwhile = 600;

    /// <summary>Sorts upwards; the values hold no NaN and no −0.</summary>
    public static void Sort(Span<double> values)
    {
        if (values.Length < Worthwhile)
        {
            values.Sort();
            return;
        }

        var rented = ArrayPool<ulong>.Shared.Rent(values.Length);
        var counts = ArrayPool<int>.Shared.Rent(Digits * Radix);
        Sort(MemoryMarshal.Cast<double, ulong>(values), rented.AsSpan(0, values.Length), counts.AsSpan(0, Digits * Radix));
        ArrayPool<ulong>.Shared.Return(rented);
        ArrayPool<int>.Shared.Return(counts);
    }

    private static void Sort(Span<ulong> keys, Span<ulong> other, Span<int> counts)
    {
        counts.Clear();
        for (var i = 0; i < keys.Length; i++)
        {
            var key = Ordered(keys[i]);
            keys[i] = key;
            for (var digit = 0; digit < Digits; digit++)
                counts[(digit * Radix) + Digit(key, digit)]++;
        }

        // An even number of passes ends where it began, so passes that would move nothing are made as well.
        for (var digit = 0; digit < Digits; digit++)
        {
            Scatter(keys, other, counts.Slice(digit * Radix, Radix), digit);
            var swap = keys;
            keys = other;
            other = swap;
        }

        for (var i = 0; i < keys.Length; i++)
            keys[i] = Bits(keys[i]);
    }

    private static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> places, int digit)
    {
        var next = 0;
        for (var i = 0; i < places.Length; i++)
        {
            var count = places[i];
            places[i] = next;
            next += count;
        }

        foreach (var key in from)
            to[places[Digit(key, digit)]++] = key;
    }

    private static int Digit(ulong key, int digit) => (int)(key >> (digit * DigitBits)) & (Radix - 1);

    // A positive number gets the sign bit, a negative one all its bits turned: then whole numbers are in the order of the doubles.
    private static ulong Ordered(ulong bits) => bits ^ ((ulong)((long)bits >> 63) | (1UL << 63));

    private static ulong Bits(ulong key) => key ^ (((key >> 63) - 1) | (1UL << 63));
}
