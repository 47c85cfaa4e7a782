using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Every <see cref="RolloutEvent.Kind"/> there is: stable words, safe to filter and alert on.</summary>
public static class EventKinds
{
    /// <summary>Stable's route is in place.</summary>
    public const string Adopted = "Adopted";

    /// <summary>A run began.</summary>
    public const string RunStarted = "RunStarted";

    /// <summary>A weight step began.</summary>
    public const string StepStarted = "StepStarted";

    /// <summary>The canary's weight was raised.</summary>
    public const string WeightRaised = "WeightRaised";

    /// <summary>Every proxy acknowledged the step's weight.</summary>
    public const string StepAcknowledged = "StepAcknowledged";

    /// <summary>A step was completed on a Pass.</summary>
    public const string StepPassed = "StepPassed";

    /// <summary>A step was ended at its longest duration by policy, without a Pass.</summary>
    public const string StepTimedOut = "StepTimedOut";

    /// <summary>The canary has no ready endpoint left; its weight went to 0.</summary>
    public const string CapacityLost = "CapacityLost";

    /// <summary>A person paused the run.</summary>
    public const string Paused = "Paused";

    /// <summary>The run holds its weight, and says why.</summary>
    public const string Held = "Held";

    /// <summary>The run goes on after a pause or hold.</summary>
    public const string Resumed = "Resumed";

    /// <summary>A person's consent is waited for.</summary>
    public const string ApprovalRequested = "ApprovalRequested";

    /// <summary>A person consented.</summary>
    public const string Approved = "Approved";

    /// <summary>A person refused.</summary>
    public const string Rejected = "Rejected";

    /// <summary>An approval was not given in time.</summary>
    public const string ApprovalTimedOut = "ApprovalTimedOut";

    /// <summary>A person ended the run.</summary>
    public const string Aborted = "Aborted";

    /// <summary>A person asked to try the failed revision again.</summary>
    public const string Retried = "Retried";

    /// <summary>A person went to another step, whatever the evidence on the present one.</summary>
    public const string StepSkipped = "StepSkipped";

    /// <summary>A person had the run begin again.</summary>
    public const string Restarted = "Restarted";

    /// <summary>A person asked to promote at once.</summary>
    public const string PromotionRequested = "PromotionRequested";

    /// <summary>An action makes no sense now; the message says why.</summary>
    public const string ActionRefused = "ActionRefused";

    /// <summary>All traffic begins to move to the canary.</summary>
    public const string Promoting = "Promoting";

    /// <summary>The canary is stable now.</summary>
    public const string Promoted = "Promoted";

    /// <summary>The promoted revision was watched for long enough, or a newer one arrived.</summary>
    public const string BakeFinished = "BakeFinished";

    /// <summary>The canary failed: a test, a guard or its health says so.</summary>
    public const string Failed = "Failed";

    /// <summary>A proxy took the canary out by itself, because of a burst of failures.</summary>
    public const string CircuitOpened = "CircuitOpened";

    /// <summary>What the run may cost at most is spent.</summary>
    public const string ExposureSpent = "ExposureSpent";

    /// <summary>All traffic begins to move back to stable.</summary>
    public const string RollingBack = "RollingBack";

    /// <summary>A person lets the workload roll a revision out by itself.</summary>
    public const string TakenOver = "TakenOver";

    /// <summary>All traffic is on stable again.</summary>
    public const string RolledBack = "RolledBack";

    /// <summary>A newer revision, or edited steps, took the run's place.</summary>
    public const string Superseded = "Superseded";

    /// <summary>The wanted revision is the stable one again.</summary>
    public const string ReturnedToStable = "ReturnedToStable";

    /// <summary>Something was waited for too long.</summary>
    public const string DeadlineMissed = "DeadlineMissed";

    /// <summary>The Canary is being removed.</summary>
    public const string Releasing = "Releasing";

    /// <summary>All is given back; the Canary may go.</summary>
    public const string Released = "Released";

    /// <summary>All kinds.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Adopted, RunStarted, StepStarted, WeightRaised, StepAcknowledged, StepPassed, StepTimedOut, CapacityLost, Paused, Held,
        Resumed, ApprovalRequested, Approved, Rejected, ApprovalTimedOut, Aborted, Retried, StepSkipped, Restarted, PromotionRequested, ActionRefused,
        Promoting, TakenOver, Promoted, BakeFinished, Failed, CircuitOpened, ExposureSpent, RollingBack, RolledBack, Superseded, ReturnedToStable, DeadlineMissed,
        Releasing, Released,
    ];
}
