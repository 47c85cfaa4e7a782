using System.Text.Json;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>What keeps pods from getting ready, and what will go wrong, in words for whoever has to act.</summary>
internal static class Troubles
{
    /// <summary>Tells what is seen of it: what concerns everything first.</summary>
    public static void Tell(Situation at)
    {
        var layout = at.Layout;
        var name = layout.View.DeploymentName;
        if (layout.View.Configs.Problem is { } problem)
            at.Tell(problem);
        if (layout.Replicas == 0)
            at.Tell($"Deployment {name} is scaled to 0: there is nothing to compare a new version with");
        if (Unpauses(layout.Deployment))
            at.Tell($"the manifest of Deployment {name} says 'paused: false', so every apply of it lifts the hold; take the line out and apply once more");
        foreach (var set in layout.Arms.Concat(layout.Active).Where(set => at.IsPlanned(Objects.Revision(set)) && !Objects.IsWhole(set, Objects.Size(set))))
            TellOf(at, set);
    }

    private static void TellOf(Situation at, V1ReplicaSet set)
    {
        var failure = set.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "ReplicaFailure", Status: "True" });
        if (failure is not null)
            at.Tell($"pods of {set.Metadata.Name} cannot be made: {failure.Message?.TrimEnd('.') ?? failure.Reason}");
        var hash = Objects.HashOf(set);
        var troubled = at.Layout.View.Pods
            .Where(pod => !Objects.IsGoing(pod) && Objects.Label(pod, InPlaceNames.HashLabel) == hash)
            .Select(pod => (Pod: pod, Why: Why(pod)))
            .Where(pair => pair.Why is not null)
            .OrderBy(pair => pair.Pod.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        if (troubled is [var first, ..])
            at.Tell($"{(troubled.Count == 1 ? "pod" : $"{troubled.Count} pods of {set.Metadata.Name}, such as")} {first.Pod.Metadata.Name}: {first.Why}");
    }

    private static string? Why(V1Pod pod)
    {
        var scheduled = pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" });
        if (scheduled is not null)
            return $"no node takes it ({scheduled.Message?.TrimEnd('.') ?? scheduled.Reason})";
        foreach (var container in (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []))
        {
            if (container.State?.Waiting is { Reason: { } reason } waiting && reason is not ("ContainerCreating" or "PodInitializing"))
                return $"container {container.Name} waits in {reason}{Last(container)}{(string.IsNullOrEmpty(waiting.Message) ? "" : $" ({waiting.Message.TrimEnd('.')})")}";
            if (container.State?.Terminated is { ExitCode: not 0 } ended)
                return $"container {container.Name} ended with exit code {ended.ExitCode}";
        }

        return null;
    }

    private static string Last(V1ContainerStatus container) =>
        container.LastState?.Terminated is { } last ? $", ended with exit code {last.ExitCode} {container.RestartCount} times" : "";

    private static bool Unpauses(V1Deployment deployment)
    {
        if (Objects.Annotation(deployment, InPlaceNames.LastAppliedAnnotation) is not { } applied || !applied.Contains("\"paused\"", StringComparison.Ordinal))
            return false;
        try
        {
            using var document = JsonDocument.Parse(applied);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object
                && spec.TryGetProperty("paused", out var paused) && paused.ValueKind == JsonValueKind.False;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
