using System.Buffers.Binary;
using System.Buffers.Text;

namespace MeshCanary.Splitting.Keys;

/// <summary>The key that a user without one is given, in a cookie, so as to stay on one arm.</summary>
public static class UserKey
{
    /// <summary>Length of a minted key.</summary>
    public const int MintedLength = 22;

    /// <summary>Writes 128 bits as a key that needs no escaping in a cookie, a header or a URL.</summary>
    /// <param name="random">128 random bits; a guessed key gives nothing but an arm, so any good generator will do.</param>
    /// <returns>22 characters of URL-safe base64.</returns>
    public static string Mint(UInt128 random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, random);
        return Base64Url.EncodeToString(bytes);
    }
}
