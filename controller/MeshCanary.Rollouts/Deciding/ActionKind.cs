namespace MeshCanary.Rollouts.Deciding;

/// <summary>What a person may ask of a rollout.</summary>
public enum ActionKind
{
    /// <summary>Hold the run at its weight.</summary>
    Pause,

    /// <summary>Go on after a pause or hold.</summary>
    Resume,

    /// <summary>Give the approval that is waited for.</summary>
    Approve,

    /// <summary>Refuse it: the run ends and traffic returns to stable.</summary>
    Reject,

    /// <summary>End the run; traffic returns to stable.</summary>
    Abort,

    /// <summary>Try the failed revision again, as a new run.</summary>
    Retry,

    /// <summary>Skip the remaining steps and promote now.</summary>
    Promote,

    /// <summary>Leave the present weight step and begin the next one, whatever the evidence.</summary>
    Skip,

    /// <summary>Begin the step that the action names, earlier or later.</summary>
    Jump,

    /// <summary>Begin the run again, with no traffic and a new error budget.</summary>
    Restart,
}
