namespace MeshCanary.Proxy.Guarding;

/// <summary>Whether a circuit lets requests through.</summary>
internal enum CircuitState
{
    /// <summary>All of them.</summary>
    Closed,

    /// <summary>None, until the pause is over.</summary>
    Open,

    /// <summary>One at a time, to see whether the canary is well again.</summary>
    HalfOpen,
}
