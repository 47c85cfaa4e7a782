using System.Text;
using CsCheck;
using MeshCanary.Splitting.Keys;

namespace MeshCanary.Splitting.Tests.Keys;

public class SignedKeyTests
{
    private static readonly SigningSecret Old = Secret("k1");
    private static readonly SigningSecret New = Secret("k2");
    private static readonly Gen<UInt128> Bits = Gen.Select(Gen.ULong, Gen.ULong, (upper, lower) => new UInt128(upper, lower));

    [Fact]
    public void Mint_AnyBits_VerifiesAndHoldsTheKey() =>
        Bits.Sample(bits =>
        {
            var keys = new SignedKey([New, Old]);
            var signed = keys.Mint(bits);
            return keys.Verify(signed, out var isOld) && !isOld && signed.StartsWith(UserKey.Mint(bits) + ".k2.", StringComparison.Ordinal)
                && signed.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        });

    /// <summary>The form is a contract: cookies outlive releases.</summary>
    [Fact]
    public void Mint_KnownBitsAndSecret_IsPinned()
    {
        var keys = new SignedKey([new SigningSecret("k1", [.. Enumerable.Range(0, 32).Select(i => (byte)i)])]);
        Assert.Equal("AAECAwQFBgcICQoLDA0ODw.k1.R38v6ipGw8j6g9muumieEw", keys.Mint(new UInt128(0x0001020304050607, 0x08090A0B0C0D0E0F)));
    }

    [Fact]
    public void Verify_SignedByAnOlderSecret_SaysSo()
    {
        var signed = new SignedKey([Old]).Mint(7);
        var rotated = new SignedKey([New, Old]);
        Assert.True(rotated.Verify(signed, out var isOld));
        Assert.True(isOld);
        Assert.True(rotated.Verify(rotated.Sign(signed.AsSpan(0, UserKey.MintedLength)), out isOld));
        Assert.False(isOld);
        Assert.False(new SignedKey([New]).Verify(signed, out _));
    }

    [Fact]
    public void Verify_SameIdWithAnotherSecret_IsRefused() =>
        Assert.False(new SignedKey([New with { Secret = Old.Secret }]).Verify(new SignedKey([New]).Mint(7), out _));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw.k2")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw..AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw.k2.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAECAwQFBgcICQoLDA0OD\u00e4.k2.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw.k2.!!!!!!!!!!!!!!!!!!!!!!")]
    public void Verify_Forged_IsRefused(string value) => Assert.False(new SignedKey([New, Old]).Verify(value, out _));

    [Fact]
    public void Verify_AnyOtherCharacterAnywhere_IsRefused() =>
        Gen.Select(Bits, Gen.Int[0, 47], Gen.Char["abcXYZ019-_.~ é"]).Sample((bits, at, other) =>
        {
            var keys = new SignedKey([New, Old]);
            var signed = keys.Mint(bits).ToCharArray();
            if (signed[at] == other)
                return true;
            signed[at] = other;
            return !keys.Verify(signed, out _);
        });

    [Fact]
    public void Verify_AnyText_IsRefusedWithoutAFault() =>
        Gen.String.Sample(text => !new SignedKey([New]).Verify(text, out _));

    [Fact]
    public void Verify_AllocatesNothing()
    {
        var keys = new SignedKey([New, Old]);
        var (good, bad) = (keys.Mint(7), keys.Mint(8)[..^3] + "AAA");
        keys.Verify(good, out _);
        keys.Verify(bad, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            keys.Verify(good, out _);
            keys.Verify(bad, out _);
        }

        // The runtime may do something of its own once; a thousand times it does not.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Secrets_ThatCannotBeUsed_AreNamedWithoutBeingShown()
    {
        Assert.Contains("no secret", SignedKey.Fault([]), StringComparison.Ordinal);
        Assert.Contains("'a b'", SignedKey.Fault([Secret("a b")]), StringComparison.Ordinal);
        Assert.Contains("15 bytes", SignedKey.Fault([Secret("k", 15)]), StringComparison.Ordinal);
        Assert.Contains("same id", SignedKey.Fault([Secret("k"), Secret("k")]), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SignedKey([]));
        Assert.Null(SignedKey.Fault([New, Old]));
    }

    private static SigningSecret Secret(string id, int length = 32) => new(id, [.. Encoding.ASCII.GetBytes($"secret of {id}".PadRight(length, 'x'))[..length]]);
}
