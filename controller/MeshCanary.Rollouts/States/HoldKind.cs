namespace MeshCanary.Rollouts.States;

/// <summary>Why a run is held at its weight.</summary>
public enum HoldKind
{
    /// <summary>A person paused it.</summary>
    Person,

    /// <summary>The plan asks for a person's consent here.</summary>
    Approval,

    /// <summary>The canary failed and the spec says hold.</summary>
    Failure,

    /// <summary>A step's longest duration ended without a verdict and the spec says hold.</summary>
    Inconclusive,

    /// <summary>The measured split is not the one asked for, or the arms differ by more than the version: no count can be trusted.</summary>
    InvalidSplit,
}
