namespace MeshCanary.Rollouts.Specs;

/// <summary>Whose metrics are read: it fills in what is not written.</summary>
public enum MetricPreset
{
    /// <summary>Istio's sidecars, by the pod that served.</summary>
    Istio,

    /// <summary>Linkerd's sidecars, by the pod that served.</summary>
    Linkerd,

    /// <summary>Envoy Gateway, by the cluster that a request went to.</summary>
    EnvoyGateway,

    /// <summary>ingress-nginx, by the Service that a request went to.</summary>
    Nginx,

    /// <summary>MeshCanary's own proxies, by the revision that they name.</summary>
    Meshcanary,
}
