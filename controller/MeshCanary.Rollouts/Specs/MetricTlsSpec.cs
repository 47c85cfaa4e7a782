namespace MeshCanary.Rollouts.Specs;

/// <summary>How a provider's certificate is checked.</summary>
public sealed record MetricTlsSpec
{
    /// <summary>Certificates of the authorities that are believed, as PEM, instead of the system's; null for the system's.</summary>
    public string? Authority { get; init; }

    /// <summary>Whether any certificate is taken: whoever stands in between may then answer.</summary>
    public bool InsecureSkipVerify { get; init; }
}
