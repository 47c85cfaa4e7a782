using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>What is seen of a container at one moment.</summary>
/// <param name="State">Its state.</param>
/// <param name="LastState">How it ended the time before, or null.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="IsStarted">Whether its startup probe, if any, has succeeded.</param>
/// <param name="IsReady">Whether it is ready.</param>
/// <param name="HasEnded">Whether it will not be started any more.</param>
internal sealed record ContainerSight(
    V1ContainerState State, V1ContainerState? LastState, int Restarts, bool IsStarted, bool IsReady, bool HasEnded)
{
    /// <summary>A container that is not there yet.</summary>
    /// <param name="reason">Why.</param>
    public static ContainerSight Waiting(string reason) =>
        new(WaitingState(reason, null), null, 0, false, false, false);

    /// <summary>Its exit code when it is at its end.</summary>
    public int? ExitCode => State.Terminated?.ExitCode;

    /// <summary>A waiting state.</summary>
    /// <param name="reason">Why it waits, in one word.</param>
    /// <param name="message">Why it waits, in a sentence.</param>
    public static V1ContainerState WaitingState(string reason, string? message) =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };
}
