namespace MeshCanary.Controller.Annotating;

/// <summary>Finds the Deployment behind a Service. Pure.</summary>
internal static class WorkloadFinder
{
    /// <summary>The Deployment's name, or what is in the way.</summary>
    /// <param name="selector">What the Service's owner selects: its original selector when ours is in its place.</param>
    /// <param name="wanted">The Deployment that the annotation names; null to find it.</param>
    /// <param name="workloads">What there is in the namespace.</param>
    /// <param name="error">What is wrong and what to do; null when nothing is.</param>
    public static string? Find(IDictionary<string, string>? selector, string? wanted, NamespaceWorkloads workloads, out string? error)
    {
        error = null;
        if (wanted is not null)
            return Named(wanted, workloads, out error);
        if (selector is not { Count: > 0 })
            error = $"The Service has no selector, so there is no Deployment to find. Name it in {AnnotationKeys.Workload}, and give the Service a selector.";
        else
            return Selected(selector, workloads, out error);
        return null;
    }

    private static string? Selected(IDictionary<string, string> selector, NamespaceWorkloads workloads, out string? error)
    {
        error = null;
        var found = workloads.Selected(selector).ToList();
        switch (found)
        {
            case []:
                error = $"The Service's selector ({Show(selector)}) matches the pods of no workload. Correct the selector or the labels of the pod template.";
                return null;
            case [("Deployment", var name)]:
                return name;
            case [var (kind, name)]:
                error = $"The Service's selector finds the {kind} {name}. {Reason(kind)}";
                return null;
            default:
                error = $"The Service's selector ({Show(selector)}) matches several workloads: {string.Join(", ", found.Select(one => $"{one.Kind} {one.Name}"))}. Make it more precise, so that one is left.";
                return null;
        }
    }

    private static string? Named(string wanted, NamespaceWorkloads workloads, out string? error)
    {
        error = null;
        var (kind, name) = wanted.Split('/', 2) is [var before, var after] ? (before, after) : ("Deployment", wanted);
        if (!kind.Equals("Deployment", StringComparison.OrdinalIgnoreCase))
            error = $"{AnnotationKeys.Workload}: '{wanted}' is no Deployment. {Reason(kind)}";
        else if (workloads.Deployments.All(one => one.Metadata.Name != name))
            error = $"{AnnotationKeys.Workload}: there is no Deployment {name} in the namespace. Correct the name, or leave the annotation out to find it by the selector.";
        return error is null ? name : null;
    }

    private static string Reason(string kind) => kind.ToUpperInvariant() switch
    {
        "STATEFULSET" => "Its pods have names and disks of their own, of which a second version cannot run beside the first; only Deployments are supported.",
        "DAEMONSET" => "It has one pod on every node, and no place for a second version; only Deployments are supported.",
        _ => "Only Deployments are supported.",
    };

    private static string Show(IDictionary<string, string> selector) =>
        string.Join(",", selector.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
