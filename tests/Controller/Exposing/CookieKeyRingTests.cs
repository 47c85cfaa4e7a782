using System.Collections.Immutable;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Recording;
using MeshCanary.Splitting.Keys;

namespace MeshCanary.Controller.Tests.Exposing;

public sealed class CookieKeyRingTests
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Turn_NoKeyYet_MakesOneThatSigns()
    {
        var keys = Turn([], Epoch);
        Assert.Equal(["k1"], Ids(keys));
        Assert.Equal(Epoch + CookieKeyRing.Period, CookieKeyRing.NextTurn(keys));
        Assert.Equal(keys, Turn(keys, CookieKeyRing.NextTurn(keys) - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Turn_AfterAPeriod_IntroducesTheNextBeforeItSigns()
    {
        var keys = Turn([], Epoch);
        keys = Turn(keys, CookieKeyRing.NextTurn(keys));
        Assert.Equal(["k1", "k2"], Ids(keys));
        keys = Turn(keys, CookieKeyRing.NextTurn(keys));
        Assert.Equal(["k2", "k1"], Ids(keys));
        keys = Turn(keys, CookieKeyRing.NextTurn(keys));
        Assert.Equal(["k2", "k3", "k1"], Ids(keys));
        keys = Turn(keys, CookieKeyRing.NextTurn(keys));
        Assert.Equal(["k3", "k2"], Ids(keys));
    }

    [Fact]
    public void Turn_ControllerThatWasAwayForLong_StillIntroducesFirst()
    {
        var keys = Turn(Turn([], Epoch), Epoch + (CookieKeyRing.Period * 5));
        Assert.Equal(["k1", "k2"], Ids(keys));
    }

    /// <summary>Proxies that are a turn apart understand each other's cookies.</summary>
    [Fact]
    public void Turn_AnyTwoNeighbours_VerifyEachOthersCookies()
    {
        var keys = Turn([], Epoch);
        for (var turn = 0; turn < 10; turn++)
        {
            var next = Turn(keys, CookieKeyRing.NextTurn(keys));
            Assert.Null(SignedKey.Fault(Secrets(next)));
            Assert.True(new SignedKey(Secrets(keys)).Verify(new SignedKey(Secrets(next)).Mint(1), out _));
            Assert.True(new SignedKey(Secrets(next)).Verify(new SignedKey(Secrets(keys)).Mint(1), out _));
            keys = next;
        }
    }

    private static ImmutableArray<CookieKey> Turn(ImmutableArray<CookieKey> keys, DateTimeOffset now)
    {
        var secret = (byte)now.UtcTicks.GetHashCode();
        return CookieKeyRing.Turn(keys, now, () => [.. Enumerable.Repeat(secret, 32)]);
    }

    private static ImmutableArray<SigningSecret> Secrets(ImmutableArray<CookieKey> keys) => [.. keys.Select(key => new SigningSecret(key.Id, key.Secret))];

    private static IEnumerable<string> Ids(ImmutableArray<CookieKey> keys) => keys.Select(key => key.Id);
}
