namespace MeshCanary.Rollouts.Deciding;

/// <summary>What the router reports of the traffic plan that the present status asks for.</summary>
public sealed record TrafficObservation
{
    /// <summary>The plan that every connected proxy has acknowledged; null when there is none, or they differ.</summary>
    public TrafficPlan? Acknowledged { get; init; }

    /// <summary>Proxies connected now.</summary>
    public int Proxies { get; init; }

    /// <summary>Of them those that acknowledged the newest plan.</summary>
    public int ProxiesAcknowledged { get; init; }

    /// <summary>Why the newest plan is not acknowledged, in plain words; null when it is.</summary>
    public string? Problem { get; init; }
}
