using System.Buffers;
using System.IO.Hashing;
using System.Text.Unicode;

namespace MeshCanary.Splitting.Weights;

/// <summary>
/// Where a request stands in [0, 10000). The point of a user key is a contract: a user must get the same point from
/// every machine and from every later release, or an upgrade would move users between versions. It is
/// <c>floor(XXH64(key, seed) * 10000 / 2^64)</c> with <c>seed = XXH64(salt, 0)</c>, both texts as UTF-8 and a lone
/// surrogate as U+FFFD. Never change it; a golden test pins it.
/// </summary>
internal static class DrawPoint
{
    private const int MaxStackBytes = 256;

    // A UTF-16 unit becomes at most three bytes of UTF-8.
    private const int MaxBytesPerChar = 3;

    /// <summary>The seed that makes the points of one route independent of those of another.</summary>
    public static ulong SeedOf(string salt) => Hash(salt, 0);

    /// <summary>The point of a user.</summary>
    public static int OfKey(string key, ulong seed) => OfBits(Hash(key, seed));

    /// <summary>Maps 64 even bits to a point; multiply and shift, so that no point is favoured as a modulo would.</summary>
    public static int OfBits(ulong bits) => (int)Math.BigMul(bits, BasisPoints.Whole, out _);

    private static ulong Hash(string text, ulong seed)
    {
        if (text.Length <= MaxStackBytes / MaxBytesPerChar)
            return Hash(text, stackalloc byte[MaxStackBytes], seed);

        var rented = ArrayPool<byte>.Shared.Rent(checked(text.Length * MaxBytesPerChar));
        try
        {
            return Hash(text, rented, seed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static ulong Hash(string text, Span<byte> buffer, ulong seed)
    {
        // Not Encoding.UTF8: its replacement of lone surrogates allocates.
        Utf8.FromUtf16(text, buffer, out _, out var written, replaceInvalidSequences: true);
        return XxHash64.HashToUInt64(buffer[..written], unchecked((long)seed));
    }
}
