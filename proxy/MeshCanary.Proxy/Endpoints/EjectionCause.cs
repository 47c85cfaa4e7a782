namespace MeshCanary.Proxy.Endpoints;

/// <summary>Why an endpoint gets no requests for a while.</summary>
internal enum EjectionCause
{
    /// <summary>It could not be reached several times in a row.</summary>
    Unreachable,

    /// <summary>Several requests in a row failed there.</summary>
    Failures,
}
