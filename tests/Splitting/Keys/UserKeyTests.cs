using System.Buffers.Text;
using CsCheck;
using MeshCanary.Splitting.Keys;

namespace MeshCanary.Splitting.Tests.Keys;

public class UserKeyTests
{
    [Fact]
    public void Mint_AnyBits_KeepsAllOfThemInSafeCharacters() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((upper, lower) =>
        {
            var key = UserKey.Mint(new UInt128(upper, lower));
            var bytes = Base64Url.DecodeFromChars(key);
            return key.Length == UserKey.MintedLength
                && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                && new UInt128(BitConverter.ToUInt64([.. bytes[..8].Reverse()]), BitConverter.ToUInt64([.. bytes[8..].Reverse()]))
                    == new UInt128(upper, lower);
        });

    [Fact]
    public void Mint_KnownBits_IsTheirBase64() =>
        Assert.Equal("AAECAwQFBgcICQoLDA0ODw", UserKey.Mint(new UInt128(0x0001020304050607, 0x08090A0B0C0D0E0F)));
}
