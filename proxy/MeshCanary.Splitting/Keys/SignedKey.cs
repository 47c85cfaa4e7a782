using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MeshCanary.Splitting.Keys;

/// <summary>
/// User keys that nobody else can make: <c>key.id.signature</c>, the signature being the first 128 bits of the
/// HMAC-SHA256 of <c>key.id</c> under the secret with that id, in URL-safe base64. Whoever holds one can use it and
/// nothing else: keys cannot be tried out until one lands on the canary, and no cookie can be made up to fill the memory
/// of users. Immutable and thread-safe.
/// </summary>
public sealed class SignedKey
{
    private const int SignatureBytes = 16;
    private const int SignatureLength = 22;
    private const int LongestSigned = UserKey.MintedLength + 1 + SigningSecret.LongestId;

    private readonly ImmutableArray<SigningSecret> _secrets;

    /// <summary>Takes the secrets.</summary>
    /// <param name="secrets">Newest first: it signs, and all of them verify. At least one.</param>
    /// <exception cref="ArgumentException">There is none, one has a <see cref="SigningSecret.Fault"/>, or two have the same id.</exception>
    public SignedKey(ImmutableArray<SigningSecret> secrets)
    {
        if (Fault(secrets) is { } fault)
            throw new ArgumentException(fault, nameof(secrets));
        _secrets = secrets;
    }

    /// <summary>What is wrong with a list of secrets, as a sentence; null when nothing is.</summary>
    public static string? Fault(ImmutableArray<SigningSecret> secrets)
    {
        if (secrets.IsDefaultOrEmpty)
            return "there is no secret; give at least one.";
        return secrets.Select(secret => secret.Fault).FirstOrDefault(fault => fault is not null)
            ?? (secrets.DistinctBy(secret => secret.Id, StringComparer.Ordinal).Count() == secrets.Length ? null : "two secrets have the same id.");
    }

    /// <summary>Signs a new key.</summary>
    /// <param name="random">128 random bits of a good generator.</param>
    public string Mint(UInt128 random) => Sign(UserKey.Mint(random));

    /// <summary>Signs a key with the newest secret.</summary>
    /// <param name="key">The <see cref="UserKey.MintedLength"/> characters of a key that was minted.</param>
    public string Sign(ReadOnlySpan<char> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, UserKey.MintedLength);
        var newest = _secrets[0];
        Span<byte> signature = stackalloc byte[SignatureBytes];
        Compute(newest, key, signature);
        return $"{key}.{newest.Id}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>
    /// Whether a value was signed by one of the secrets; the key is its first <see cref="UserKey.MintedLength"/> characters.
    /// Takes the same time whether the signature is nearly right or not, and allocates nothing.
    /// </summary>
    /// <param name="value">What a client sent.</param>
    /// <param name="isOld">Whether a secret other than the newest signed it, so that it should be signed again.</param>
    public bool Verify(ReadOnlySpan<char> value, out bool isOld)
    {
        isOld = false;
        var idLength = value.Length - UserKey.MintedLength - SignatureLength - 2;
        if (idLength is < 1 or > SigningSecret.LongestId || value[UserKey.MintedLength] != '.' || value[^(SignatureLength + 1)] != '.')
            return false;
        var id = value.Slice(UserKey.MintedLength + 1, idLength);
        for (var i = 0; i < _secrets.Length; i++)
        {
            if (id.SequenceEqual(_secrets[i].Id))
            {
                isOld = i > 0;
                return IsSignedBy(_secrets[i], value);
            }
        }

        return false;
    }

    private static bool IsSignedBy(SigningSecret secret, ReadOnlySpan<char> value)
    {
        var key = value[..UserKey.MintedLength];
        if (!Ascii.IsValid(key))
            return false;
        Span<byte> signature = stackalloc byte[SignatureBytes];
        Compute(secret, key, signature);
        // Texts are compared, not bytes: what a client sends may not be base64 at all, and has one right form only.
        Span<char> right = stackalloc char[SignatureLength];
        Base64Url.EncodeToChars(signature, right);
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<char>(right), MemoryMarshal.AsBytes(value[^SignatureLength..]));
    }

    private static void Compute(SigningSecret secret, ReadOnlySpan<char> key, Span<byte> signature)
    {
        Span<byte> text = stackalloc byte[LongestSigned];
        var length = Encoding.ASCII.GetBytes(key, text);
        text[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(secret.Id, text[length..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Secret.AsSpan(), text[..length], whole);
        whole[..SignatureBytes].CopyTo(signature);
    }
}
