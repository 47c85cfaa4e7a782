namespace MeshCanary.Controller.Traffic;

/// <summary>Brings traffic where a plan wants it. Found by <see cref="Name"/>. Every call may be repeated.</summary>
internal interface ITrafficRouter
{
    /// <summary>Its name, as in the spec.</summary>
    string Name { get; }

    /// <summary>Asks for traffic; returns before it is in force.</summary>
    void Apply(RouteOrder order);

    /// <summary>How far the newest plan is in force.</summary>
    TrafficSight Observe(string key);

    /// <summary>The Canary is gone: its route goes too.</summary>
    void Release(string key);
}
