using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Writes the status of a pod from what is seen of its containers.</summary>
/// <param name="time">The clock of transitions.</param>
internal sealed class PodStatus(TimeProvider time)
{
    private readonly Dictionary<string, V1PodCondition> _conditions = [];

    private readonly DateTime _start = time.GetUtcNow().UtcDateTime;

    /// <summary>The status now.</summary>
    /// <param name="pod">The pod as last seen.</param>
    /// <param name="address">Its address, or null when it has none yet.</param>
    /// <param name="initial">Its init containers.</param>
    /// <param name="containers">Its containers.</param>
    public V1PodStatus Write(
        V1Pod pod, string? address, IReadOnlyList<(V1Container Container, ContainerSight Sight)> initial,
        IReadOnlyList<(V1Container Container, ContainerSight Sight)> containers)
    {
        var initialized = initial.All(one => one.Sight.ExitCode == 0 && one.Sight.HasEnded);
        var unready = containers.Where(one => !one.Sight.IsReady).Select(one => one.Container.Name).ToArray();
        var closed = (pod.Spec.ReadinessGates ?? []).Where(gate => !IsTrue(pod, gate.ConditionType)).Select(gate => gate.ConditionType).ToArray();

        Note("PodScheduled", true, null, null);
        Note("Initialized", initialized, "ContainersNotInitialized", null);
        Note("ContainersReady", initialized && unready.Length == 0, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
        if (unready.Length == 0 && closed.Length > 0)
            Note("Ready", false, "ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{closed[0]}\" does not exist or is not \"True\".");
        else
            Note("Ready", initialized && unready.Length == 0, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");

        return new V1PodStatus
        {
            Phase = Phase(initialized, containers),
            StartTime = _start,
            HostIP = OwnNamespace.Gateway,
            PodIP = address,
            PodIPs = address is null ? null : [new V1PodIP { Ip = address }],
            QosClass = pod.Status?.QosClass,
            Conditions = [.. _conditions.Values],
            InitContainerStatuses = initial.Count == 0 ? null : [.. initial.Select(Status)],
            ContainerStatuses = [.. containers.Select(Status)],
        };
    }

    private static string Phase(bool initialized, IReadOnlyList<(V1Container Container, ContainerSight Sight)> containers)
    {
        if (containers.All(one => one.Sight.HasEnded))
            return containers.All(one => one.Sight.ExitCode == 0) ? "Succeeded" : "Failed";

        // A pod is running from the first moment that each container has been started once.
        return initialized && containers.All(one => one.Sight.State.Running is not null || one.Sight.LastState is not null) ? "Running" : "Pending";
    }

    private static bool IsTrue(V1Pod pod, string condition) =>
        pod.Status?.Conditions?.Any(one => one.Type == condition && one.Status == "True") == true;

    private static V1ContainerStatus Status((V1Container Container, ContainerSight Sight) one) => new()
    {
        Name = one.Container.Name,
        Image = one.Container.Image,
        ImageID = $"test://{one.Container.Image}",
        ContainerID = one.Sight.State.Waiting is null ? $"test://{one.Container.Name}-{one.Sight.Restarts}" : null,
        State = one.Sight.State,
        LastState = one.Sight.State.Terminated is null ? one.Sight.LastState : null,
        RestartCount = one.Sight.Restarts,
        Started = one.Sight.IsStarted,
        Ready = one.Sight.IsReady,
    };

    private void Note(string type, bool isTrue, string? reason, string? message)
    {
        var status = isTrue ? "True" : "False";
        var since = _conditions.TryGetValue(type, out var known) && known.Status == status
            ? known.LastTransitionTime
            : time.GetUtcNow().UtcDateTime;
        _conditions[type] = new V1PodCondition
        {
            Type = type,
            Status = status,
            LastTransitionTime = since,
            Reason = isTrue ? null : reason,
            Message = isTrue ? null : message,
        };
    }
}
