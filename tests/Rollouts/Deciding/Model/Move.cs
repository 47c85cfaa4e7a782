namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>Something that happens to the world.</summary>
internal enum MoveKind
{
    Time,
    Target,
    Ready,
    Verdict,
    Requests,
    Metrics,
    Breach,
    Send,
    Acknowledge,
    Lose,
    Connect,
    Action,
    Crash,
}

/// <param name="Kind">What.</param>
/// <param name="A">Which, or how much.</param>
/// <param name="B">Which, or how much.</param>
internal sealed record Move(MoveKind Kind, int A, int B);
