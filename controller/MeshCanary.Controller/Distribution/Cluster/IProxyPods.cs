namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>Knows the pods that a Canary's clients are led to. Thread-safe.</summary>
internal interface IProxyPods
{
    /// <summary>Names of the proxy pods that may get requests now.</summary>
    /// <param name="key">The Canary.</param>
    IReadOnlyCollection<string> Serving(string key);
}
