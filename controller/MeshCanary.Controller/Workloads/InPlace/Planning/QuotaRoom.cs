using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>
/// Whether a namespace's quotas leave room for more pods. An arm that takes the last of it would keep the stable version from growing,
/// so it does not grow into a quota that it does not fit in as a whole.
/// </summary>
internal static class QuotaRoom
{
    /// <summary>What is missing for a ReplicaSet to have more pods, in plain words; null when nothing is.</summary>
    /// <param name="view">The view.</param>
    /// <param name="set">The ReplicaSet.</param>
    /// <param name="size">The pods that it should have.</param>
    public static string? Problem(InPlaceView view, V1ReplicaSet set, int size)
    {
        var more = size - (set.Status?.Replicas ?? 0);
        if (more <= 0)
            return null;
        foreach (var quota in view.Quotas.OrderBy(quota => quota.Metadata.Name, StringComparer.Ordinal))
        {
            // Which pods a scope counts is the server's to say: it will, when it refuses them.
            if (quota.Spec?.Scopes is { Count: > 0 } || quota.Spec?.ScopeSelector is not null || quota.Status?.Hard is not { } hard)
                continue;
            foreach (var (name, limit) in hard.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                var each = Each(name, set.Spec.Template.Spec);
                var used = quota.Status.Used is { } all && all.TryGetValue(name, out var amount) ? amount.ToDecimal() : 0;
                var free = Math.Max(0, limit.ToDecimal() - used);
                if (each > 0 && each * more > free)
                    return $"quota {quota.Metadata.Name} leaves room for {Text(decimal.Floor(free / each))} of {more} more {(more == 1 ? "pod" : "pods")} of {set.Metadata.Name} ({name}: {Text(used)} of {Text(limit.ToDecimal())} used, {Text(each)} each)";
            }
        }

        return null;
    }

    private static decimal Each(string name, V1PodSpec pod) => name switch
    {
        "pods" or "count/pods" => 1,
        "cpu" or "requests.cpu" => Sum(pod, limits: false, "cpu"),
        "memory" or "requests.memory" => Sum(pod, limits: false, "memory"),
        "limits.cpu" => Sum(pod, limits: true, "cpu"),
        "limits.memory" => Sum(pod, limits: true, "memory"),
        _ => 0,
    };

    private static decimal Sum(V1PodSpec pod, bool limits, string name)
    {
        var at = (pod.Containers ?? []).Sum(container => Amount(container, limits, name));
        var before = (pod.InitContainers ?? []).Select(container => Amount(container, limits, name)).DefaultIfEmpty(0).Max();
        var over = pod.Overhead is { } overhead && overhead.TryGetValue(name, out var extra) ? extra.ToDecimal() : 0;
        return Math.Max(at, before) + over;
    }

    private static decimal Amount(V1Container container, bool limits, string name)
    {
        var of = limits ? container.Resources?.Limits : container.Resources?.Requests;
        return of is not null && of.TryGetValue(name, out var amount) ? amount.ToDecimal() : 0;
    }

    private static string Text(decimal amount) => amount.ToString("0.###", CultureInfo.InvariantCulture);
}
