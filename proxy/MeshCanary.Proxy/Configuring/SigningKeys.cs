using System.Collections.Immutable;
using MeshCanary.Contracts.V1;
using MeshCanary.Splitting.Keys;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Turns the signing keys of the protocol into those that sign, and finds their faults.</summary>
internal static class SigningKeys
{
    public static ImmutableArray<SigningSecret> Translate(Stickiness stickiness) =>
        [.. stickiness.SigningKeys.Select(key => new SigningSecret(key.Id, [.. key.Secret.Span]))];

    public static IEnumerable<string> Faults(Stickiness? stickiness)
    {
        if (stickiness is null || stickiness.SigningKeys.Count == 0)
            yield break;
        if (stickiness.KeyCase != Stickiness.KeyOneofCase.Cookie)
            yield return "stickiness.signing_keys: are given, but there is no cookie to sign.";
        if (SignedKey.Fault(Translate(stickiness)) is { } fault)
            yield return $"stickiness.signing_keys: {fault}";
    }
}
