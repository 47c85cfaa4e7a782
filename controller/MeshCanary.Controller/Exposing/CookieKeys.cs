using System.Collections.Immutable;
using System.Security.Cryptography;
using MeshCanary.Controller.Recording;

namespace MeshCanary.Controller.Exposing;

/// <summary>Keeps the keys of a Canary's cookies as its manifest wants them.</summary>
internal static class CookieKeys
{
    private const int SecretBytes = 32;

    /// <summary>The record with the keys that it should have now; the same record when nothing changes.</summary>
    public static CanaryRecord Renew(CanaryRecord record, DateTimeOffset now)
    {
        var keys = Wants(record) ? CookieKeyRing.Turn(record.CookieKeys, now, Secret) : [];
        return keys == record.CookieKeys ? record : record with { CookieKeys = keys };
    }

    /// <summary>When to look again; null where cookies are not signed.</summary>
    public static DateTimeOffset? NextLook(CanaryRecord record) => record.CookieKeys.IsEmpty ? null : CookieKeyRing.NextTurn(record.CookieKeys);

    private static bool Wants(CanaryRecord record) => record.Manifest.Spec.Strategy.Stickiness is { IsSigned: true };

    private static ImmutableArray<byte> Secret() => [.. RandomNumberGenerator.GetBytes(SecretBytes)];
}
