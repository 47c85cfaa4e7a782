namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>What the Secret holds: the authority that signs, the next and the last one while they overlap, and what is shown. Immutable.</summary>
internal sealed record CertificateSet
{
    private const string AuthorityCertificate = "ca.crt";
    private const string AuthorityKey = "ca.key";
    private const string NextCertificate = "next-ca.crt";
    private const string NextKey = "next-ca.key";
    private const string LastCertificate = "last-ca.crt";
    private const string ServingCertificate = "tls.crt";
    private const string ServingKey = "tls.key";

    public required KeyedCertificate Authority { get; init; }

    public KeyedCertificate? Next { get; init; }

    /// <summary>The authority before, whose certificates may still be shown by a replica.</summary>
    public string? Last { get; init; }

    public required KeyedCertificate Serving { get; init; }

    /// <summary>Everybody whom the API server is to trust.</summary>
    public string Bundle => string.Join('\n', new[] { Authority.Certificate, Next?.Certificate, Last }.OfType<string>());

    /// <summary>Reads a Secret's data; null when something is missing.</summary>
    public static CertificateSet? Read(IReadOnlyDictionary<string, string> data) =>
        Pair(data, AuthorityCertificate, AuthorityKey) is { } authority && Pair(data, ServingCertificate, ServingKey) is { } serving
            ? new() { Authority = authority, Serving = serving, Next = Pair(data, NextCertificate, NextKey), Last = data.GetValueOrDefault(LastCertificate) }
            : null;

    public IReadOnlyDictionary<string, string> Write()
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [AuthorityCertificate] = Authority.Certificate,
            [AuthorityKey] = Authority.Key,
            [ServingCertificate] = Serving.Certificate,
            [ServingKey] = Serving.Key,
        };
        if (Next is not null)
            (data[NextCertificate], data[NextKey]) = (Next.Certificate, Next.Key);
        if (Last is not null)
            data[LastCertificate] = Last;
        return data;
    }

    private static KeyedCertificate? Pair(IReadOnlyDictionary<string, string> data, string certificate, string key) =>
        data.TryGetValue(certificate, out var shown) && data.TryGetValue(key, out var secret) ? new(shown, secret) : null;
}
