namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>What may happen to the world.</summary>
internal enum MoveKind
{
    Time,
    Target,
    Ready,
    Verdict,
    Requests,
    Metrics,
    Breach,
    Alarm,
    Budget,
    Send,
    Acknowledge,
    Lose,
    Connect,
    Action,
    Crash,

    /// <summary>Where the workload runs its revisions: its home changes hands, its size changes, a person overrules.</summary>
    Workload,

    /// <summary>For once all goes well: without it, random worlds hardly ever get beyond the first step.</summary>
    Calm,
}
