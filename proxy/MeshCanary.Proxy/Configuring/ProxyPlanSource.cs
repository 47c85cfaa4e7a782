using Yarp.ReverseProxy.Configuration;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Gives the forwarder its plan, and tells when a plan is in force.</summary>
internal sealed class ProxyPlanSource : IProxyConfigProvider, IConfigChangeListener
{
    private OfferedPlan _offered = new(ProxyPlan.Empty);

    /// <summary>The forwarder's own check of a plan; set once the forwarder exists.</summary>
    public IConfigValidator? Validator { get; set; }

    public IProxyConfig GetConfig() => Volatile.Read(ref _offered);

    /// <summary>Asks the forwarder for what it would refuse, before anything is changed.</summary>
    /// <exception cref="ProxyPlanRefusedException">It would refuse the plan.</exception>
    public async Task CheckAsync(ProxyPlan plan)
    {
        List<Exception> faults = [];
        foreach (var cluster in plan.Clusters)
            faults.AddRange(await Validator!.ValidateClusterAsync(cluster));
        foreach (var route in plan.Routes)
            faults.AddRange(await Validator!.ValidateRouteAsync(route));
        if (faults.Count > 0)
            throw new ProxyPlanRefusedException(new AggregateException(faults));
    }

    /// <summary>Offers a plan and waits until the forwarder works by it. One call at a time.</summary>
    /// <exception cref="ProxyPlanRefusedException">The forwarder refused it and goes on with the plan before.</exception>
    public async Task ApplyAsync(ProxyPlan plan, CancellationToken cancellationToken)
    {
        var previous = _offered;
        var next = new OfferedPlan(plan);
        Volatile.Write(ref _offered, next);
        previous.Supersede();
        try
        {
            await next.Applied.WaitAsync(cancellationToken);
        }
        catch (ProxyPlanRefusedException)
        {
            // What was in force is offered again, so that the next difference is taken from it.
            var back = new OfferedPlan(previous.Plan);
            Volatile.Write(ref _offered, back);
            next.Supersede();
            await back.Applied.WaitAsync(cancellationToken);
            throw;
        }
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        Volatile.Read(ref _offered).Refuse(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var plan in proxyConfigs.OfType<OfferedPlan>())
            plan.Accept();
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        foreach (var plan in proxyConfigs.OfType<OfferedPlan>())
            plan.Refuse(exception);
    }
}
