namespace MeshCanary.Rollouts.States;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>Promoted on evidence.</summary>
    Promoted,

    /// <summary>Promoted by a person or by a policy, without a Pass.</summary>
    PromotedByHand,

    /// <summary>Rolled back on evidence, a guard or a deadline.</summary>
    RolledBack,

    /// <summary>Ended by a person.</summary>
    Aborted,

    /// <summary>A newer revision took its place.</summary>
    Superseded,

    /// <summary>The wanted revision became stable again.</summary>
    ReturnedToStable,
}
