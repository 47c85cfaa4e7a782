using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Traffic.InCluster.Switching;

/// <summary>
/// Brings a Service to where it should lead, one call at a time. Every step is found anew from what is seen, so that who dies
/// between two calls is followed by one that goes on. Pure.
/// </summary>
/// <param name="canary">Name of the Canary.</param>
/// <param name="proxy">What selects its proxies: the value of <see cref="Objects.ProxyOwner.ProxyLabel"/>.</param>
internal sealed class SwitchPlanner(string canary, string proxy)
{
    private readonly SortedDictionary<string, string> _ours = new(StringComparer.Ordinal) { [Objects.ProxyOwner.ProxyLabel] = proxy };

    /// <summary>The next step.</summary>
    public SwitchStep Next(SwitchWish wish, SwitchView view)
    {
        var service = view.Service is null ? null : new ServiceSelector(view.Service, _ours);
        if (service is not null && service.Canary is { } other && other != canary)
            return SwitchStep.Wait($"Service {service.Name} to be let go by Canary {other}, which it is under by its annotation {ApiNames.CanaryAnnotation}");
        return wish switch
        {
            SwitchWish.ToPods => Back(service, view),
            _ when service is null => wish == SwitchWish.Keep ? SwitchStep.Done : SwitchStep.Wait("the Service, which is not there"),
            // Whatever was switched stays so.
            SwitchWish.Keep => service.Original is null ? SwitchStep.Done : Repair(service),
            _ => service.Original is null ? Forth(service, view) : Repair(service),
        };
    }

    private SwitchStep Forth(ServiceSelector service, SwitchView view)
    {
        if (service.IsOurs)
            return SwitchStep.Wait($"the annotation {ApiNames.OriginalSelectorAnnotation} of Service {service.Name}, which is lost: write its own selector into it as JSON");
        if (service.Selector.Count == 0)
            return SwitchStep.Wait($"a selector in Service {service.Name}: without one nothing is known of its pods");
        if (!view.ProxiesAreReady)
            return SwitchStep.Wait("the proxies to be ready");
        // A proxy is ready with any route. It may be one without pods, from a leader that died before it could tell of them.
        return view.RouteIsInForce
            ? SwitchStep.Change(service.Switch(canary), $"Service {service.Name} to lead to the proxies")
            : SwitchStep.Wait("the proxies to acknowledge which pods there are");
    }

    // What the user wrote into the selector meanwhile is the original from now on, as the webhook would have had it.
    private SwitchStep Repair(ServiceSelector service)
    {
        if (service.IsOurs)
            return SwitchStep.Done;
        return SwitchStep.Change(
            service.Repair(),
            $"Service {service.Name} to lead to the proxies again",
            $"The selector was written by somebody else, which sent traffic past Canary {canary}; it leads to the proxies again. Turn on MeshCanary's webhooks, or have your pipeline ignore spec.selector of this Service.");
    }

    private static SwitchStep Back(ServiceSelector? service, SwitchView view)
    {
        if (service is not null)
        {
            if (service.Original is not null && view.HasArms)
                return SwitchStep.Wait($"pods of other versions to be gone, which the own selector of Service {service.Name} finds too");
            if (service.Original is not null)
                return SwitchStep.Change(service.Restore(), $"Service {service.Name} to lead to its own pods");
            if (service.IsOurs)
                return SwitchStep.Wait($"the selector of Service {service.Name}, whose annotation {ApiNames.OriginalSelectorAnnotation} is lost: write its own selector by hand");
            if (view.Listed.Overlaps(view.Proxies))
                return SwitchStep.Wait($"the endpoints of Service {service.Name} to list its own pods alone");
        }

        return view.HasProxies ? SwitchStep.Delete : SwitchStep.Done;
    }
}
