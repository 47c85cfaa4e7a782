namespace MeshCanary.Controller.Traffic.InCluster.Switching;

/// <summary>Where a Service should lead.</summary>
internal enum SwitchWish
{
    /// <summary>Where it leads: before the adoption to its pods, and while a Canary is being released to the proxies that it had.</summary>
    Keep,

    /// <summary>To the proxies.</summary>
    ToProxies,

    /// <summary>To its pods, as its owner wrote it; the proxies go afterwards.</summary>
    ToPods,
}
