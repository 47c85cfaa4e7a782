using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>
/// What becomes of the certificates as time goes by. An authority is trusted for <see cref="Overlap"/> before it signs and
/// after it has signed last, so that every replica and every API server has heard of it whenever it matters.
/// </summary>
internal sealed class CertificatePlan(IReadOnlyCollection<string> names)
{
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(730);
    public static readonly TimeSpan ServingLife = TimeSpan.FromDays(90);
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>The certificates from now on; the same when nothing is due.</summary>
    /// <param name="set">What there is; null for nothing, or nothing that can be used.</param>
    /// <param name="now">The present time.</param>
    public CertificateSet Advance(CertificateSet? set, DateTimeOffset now)
    {
        if (set is null || !IsUsable(set, now))
        {
            var authority = CertificateMaker.Authority(now, AuthorityLife);
            // Whoever trusts the one before is told of the new one with the next look; there is nothing left that could overlap.
            return new() { Authority = authority, Serving = CertificateMaker.Serving(authority, names, now, ServingLife) };
        }

        if (set.Next is null && IsDue(set.Authority, AuthorityLife, now))
            return set with { Next = CertificateMaker.Authority(now, AuthorityLife) };
        if (set.Next is { } next && now >= MadeAt(next) + Overlap)
            return new() { Authority = next, Last = set.Authority.Certificate, Serving = CertificateMaker.Serving(next, names, now, ServingLife) };
        if (set.Last is not null && now >= MadeAt(set.Serving) + Overlap)
            set = set with { Last = null };
        return IsDue(set.Serving, ServingLife, now) || !HasNames(set.Serving)
            ? set with { Serving = CertificateMaker.Serving(set.Authority, names, now, ServingLife) }
            : set;
    }

    /// <summary>Whether all can be read, belongs together and is in force.</summary>
    private static bool IsUsable(CertificateSet set, DateTimeOffset now)
    {
        try
        {
            using var authority = set.Authority.ReadWithKey();
            using var serving = set.Serving.ReadWithKey();
            using var next = set.Next?.ReadWithKey();
            using var last = set.Last is null ? null : X509Certificate2.CreateFromPem(set.Last);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            return chain.Build(serving);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsDue(KeyedCertificate keyed, TimeSpan life, DateTimeOffset now)
    {
        using var certificate = keyed.Read();
        return now >= certificate.NotAfter.ToUniversalTime() - (life / 3);
    }

    private static DateTimeOffset MadeAt(KeyedCertificate keyed)
    {
        using var certificate = keyed.Read();
        return certificate.NotBefore.ToUniversalTime() + CertificateMaker.Skew;
    }

    private bool HasNames(KeyedCertificate keyed)
    {
        using var certificate = keyed.Read();
        return names.All(name => certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));
    }
}
