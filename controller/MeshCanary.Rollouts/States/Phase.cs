namespace MeshCanary.Rollouts.States;

/// <summary>Where a Canary stands.</summary>
public enum Phase
{
    /// <summary>Stable's route is being put in place for the first time.</summary>
    Adopting,

    /// <summary>Nothing in flight; all traffic on stable.</summary>
    Stable,

    /// <summary>A run walks its steps.</summary>
    Progressing,

    /// <summary>A run waits for a person: paused by one, approval asked for, or held.</summary>
    Paused,

    /// <summary>All traffic moves to the analysed revision.</summary>
    Promoting,

    /// <summary>The promoted revision serves all traffic and is watched; the old one is kept.</summary>
    Baking,

    /// <summary>All traffic moves back to stable.</summary>
    RollingBack,

    /// <summary>The last run failed; all traffic on stable, and the revision is not tried again by itself.</summary>
    Failed,

    /// <summary>The Canary is being removed.</summary>
    Releasing,
}
