using k8s.Models;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Annotating;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>What is asked of the Service.</summary>
internal static class ServiceChecks
{
    public static IEnumerable<AdoptionProblem> Run(AdoptionSight sight)
    {
        var wanted = sight.Spec.Service.Name;
        if (sight.Service is not { } service)
            return [new("ServiceMissing", $"There is no Service {wanted} in the namespace. Create it, or correct spec.service.name.")];
        if (service.Spec.Type == "ExternalName")
            return [new("ServiceExternalName", $"The Service {wanted} is an ExternalName: it has no pods whose traffic could be split. Name the Service that has them in spec.service.name.")];
        return [.. Kind(sight, service), .. Selection(sight, service)];
    }

    /// <summary>What the Service's owner selects: the original when ours is in its place.</summary>
    public static IDictionary<string, string> Selector(V1Service service) =>
        service.Metadata.Annotations is { } annotations && annotations.TryGetValue(ApiNames.OriginalSelectorAnnotation, out var original)
            ? Selectors.Parse(original)
            : service.Spec.Selector ?? new Dictionary<string, string>();

    private static IEnumerable<AdoptionProblem> Kind(AdoptionSight sight, V1Service service)
    {
        var allowed = sight.Spec.Service.Allow ?? [];
        if (service.Spec.ClusterIP == "None" && !allowed.Contains("headless"))
            yield return new("ServiceHeadless", $"The Service {service.Metadata.Name} is headless: its clients dial pods by themselves, keep what they have looked up, and would not see a weight. Give it a cluster address, or write spec.service.allow: [headless] if your clients look it up often.");
        if (service.Spec.SessionAffinity == "ClientIP" && !allowed.Contains("clientIP"))
            yield return new("ServiceSessionAffinity", $"The Service {service.Metadata.Name} has sessionAffinity ClientIP: a client would stay at a proxy, and no longer at a pod. Use spec.strategy.stickiness in its place, or write spec.service.allow: [clientIP].");
    }

    private static IEnumerable<AdoptionProblem> Selection(AdoptionSight sight, V1Service service)
    {
        var (name, workload, selector) = (service.Metadata.Name, sight.Spec.Workload.Name, Selector(service));
        if (selector.Count == 0)
        {
            yield return new("ServiceWithoutSelector", $"The Service {name} has no selector: somebody else writes its endpoints. Give it the labels of the pods of the Deployment {workload}.");
            yield break;
        }

        if (sight.Deployment is { } deployment && !NamespaceWorkloads.Matches(selector, deployment.Spec.Template))
            yield return new("SelectorMatchesNothing", $"The selector of the Service {name} ({Show(selector)}) does not match the pods of the Deployment {workload}. Correct the selector, the labels of the pod template, or the names in the Canary.");
        var others = sight.Workloads.Selected(selector).Where(one => one != ("Deployment", workload)).Select(one => $"{one.Kind} {one.Name}").ToList();
        if (others.Count > 0)
            yield return new("SelectorMatchesOthers", $"The selector of the Service {name} ({Show(selector)}) also matches {string.Join(", ", others)}, whose pods would get no traffic any more. Make the selector more precise.");
    }

    private static string Show(IDictionary<string, string> selector) =>
        string.Join(",", selector.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
