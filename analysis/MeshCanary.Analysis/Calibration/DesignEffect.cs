namespace MeshCanary.Analysis.Calibration;

/// <summary>How much more a share varies because its requests come in clusters.</summary>
public sealed record DesignEffect
{
    /// <summary>
    /// φ for requests of sticky users: max(1, c·design effect), c the correction of <see cref="PhiEstimate"/> for one cluster
    /// fewer than there are. Null when it cannot be told, which is never 1.
    /// </summary>
    public required double? Overdispersion { get; init; }

    /// <summary>Why there is none, in one plain sentence with numbers; null when there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>The design effect itself, which may lie below 1.</summary>
    public double? Measured { get; init; }

    /// <summary>Users or groups that sent requests.</summary>
    public required int Clusters { get; init; }

    /// <summary>Their requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Share of bad events among them; 0 without requests.</summary>
    public required double Share { get; init; }

    /// <summary>
    /// Kish's part that comes from unequal clusters alone: Σn²/Σn, the mean cluster size as a request sees it. With
    /// intraclass correlation ρ the design effect is about 1 + (size − 1)·ρ. 0 without requests.
    /// </summary>
    public required double ClusterSize { get; init; }
}
