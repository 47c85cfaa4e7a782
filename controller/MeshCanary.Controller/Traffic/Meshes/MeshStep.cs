namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What is to be done next, and how far the wish is in force.</summary>
internal sealed record MeshStep
{
    /// <summary>The next change; null for none.</summary>
    public MeshWrite? Write { get; init; }

    /// <summary>Whether all that was asked for is in force, as far as the mesh's API can prove it.</summary>
    public bool InForce { get; init; }

    /// <summary>What is waited for, or what is wrong and what to do, in plain words; null when nothing is.</summary>
    public string? Waits { get; init; }

    /// <summary>How it is known that the plan is in force, in plain words: what the API reports, or what it cannot; null before it is.</summary>
    public string? Proof { get; init; }

    /// <summary>When to look again even if no object changes; null for never.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    /// <summary>Route objects that carry the traffic.</summary>
    public int Routes { get; init; }

    /// <summary>Of them those in which the newest plan is in force.</summary>
    public int RoutesInForce { get; init; }

    /// <summary>A warning for people who look at the object that is written, when this repairs what somebody else changed; null for none.</summary>
    public string? Told { get; init; }
}
