namespace MeshCanary.Proxy.Recording;

/// <summary>Why stable served what was meant for the canary.</summary>
internal enum DivertCause
{
    /// <summary>No endpoint of the canary was ready, or none could be reached.</summary>
    NotReady,

    /// <summary>The canary failed too often of late.</summary>
    Circuit,

    /// <summary>The canary has had what it may have in this run.</summary>
    Budget,

    /// <summary>The canary had as many requests at a time as it may have.</summary>
    Concurrency,
}
