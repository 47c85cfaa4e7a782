using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Recording;

namespace MeshCanary.Controller.Exposing;

/// <summary>
/// The keys that sign a Canary's cookies. A key signs for <see cref="Period"/>; it is known to proxies for
/// <see cref="Introduction"/> before that, so that no proxy meets a cookie of a key that it has not heard of, and for
/// another period after it, in which cookies that come back are signed anew. Pure but for the secrets.
/// </summary>
internal static class CookieKeyRing
{
    /// <summary>How long a key signs.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromDays(30);

    /// <summary>How long proxies know a key before it signs.</summary>
    public static TimeSpan Introduction { get; } = TimeSpan.FromHours(1);

    /// <summary>The keys from now on, the one that signs first, then the others, newest first; the same array when nothing changes.</summary>
    /// <param name="keys">The keys so far, in that order; empty for none.</param>
    /// <param name="now">The present.</param>
    /// <param name="secret">Gives 32 random bytes.</param>
    public static ImmutableArray<CookieKey> Turn(ImmutableArray<CookieKey> keys, DateTimeOffset now, Func<ImmutableArray<byte>> secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var known = keys.IsDefault ? [] : keys;
        var byAge = known.OrderByDescending(key => key.MadeAt).ToList();
        if (byAge.Count == 0 || now >= byAge[0].MadeAt + Period)
            byAge.Insert(0, new CookieKey(NextId(byAge), secret(), now));
        var signing = byAge.Find(key => now >= key.MadeAt + Introduction) ?? byAge[^1];
        // Of those before it one is good still: its cookies may be a period old.
        var kept = byAge.TakeWhile(key => key != signing).Append(signing).Concat(byAge.SkipWhile(key => key != signing).Skip(1).Take(1));
        ImmutableArray<CookieKey> turned = [signing, .. kept.Where(key => key != signing)];
        return turned.SequenceEqual(known) ? known : turned;
    }

    /// <summary>When the keys change next.</summary>
    public static DateTimeOffset NextTurn(ImmutableArray<CookieKey> keys)
    {
        var newest = keys.MaxBy(key => key.MadeAt)!;
        return keys[0] == newest ? newest.MadeAt + Period : newest.MadeAt + Introduction;
    }

    private static string NextId(List<CookieKey> byAge) =>
        byAge.Count == 0 ? "k1" : string.Create(CultureInfo.InvariantCulture, $"k{int.Parse(byAge[0].Id.AsSpan(1), CultureInfo.InvariantCulture) + 1}");
}
