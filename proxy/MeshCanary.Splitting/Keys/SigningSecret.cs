using System.Collections.Immutable;

namespace MeshCanary.Splitting.Keys;

/// <summary>A secret that signs user keys.</summary>
/// <param name="Id">Its name in what it signed: 1 to 16 letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Secret">At least 16 bytes.</param>
public sealed record SigningSecret(string Id, ImmutableArray<byte> Secret)
{
    /// <summary>Shortest secret, in bytes.</summary>
    public const int ShortestSecret = 16;

    /// <summary>Longest id, in characters.</summary>
    public const int LongestId = 16;

    /// <summary>What is wrong with it, as a sentence that never shows the secret; null when nothing is.</summary>
    public string? Fault =>
        Id is not { Length: > 0 and <= LongestId } || !Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? $"id: '{Id}' has to be 1 to {LongestId} letters, digits, '-' and '_'."
            : Secret.IsDefault || Secret.Length < ShortestSecret
                ? $"secret: of '{Id}' has {(Secret.IsDefault ? 0 : Secret.Length)} bytes; at least {ShortestSecret} are needed."
                : null;
}
