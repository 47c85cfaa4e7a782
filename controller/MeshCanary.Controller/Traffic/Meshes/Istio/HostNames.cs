namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>Hosts of destinations: a Service by its short name, with its namespace, or in full. Pure.</summary>
/// <param name="service">Name of the Service that clients call.</param>
/// <param name="namespace">Its namespace, which is that of the routes too.</param>
internal sealed class HostNames(string service, string @namespace)
{
    /// <summary>The Service that clients call.</summary>
    public string Service => service;

    /// <summary>Whether a host is the Service that clients call.</summary>
    public bool IsService(string? host) => NameIn(host) == service;

    /// <summary>Whether a host is the Service of one of its revisions.</summary>
    public bool IsArm(string? host) => NameIn(host) is { } name && ArmHost.IsNameOf(name, service);

    /// <summary>The host with another Service of the namespace in it, written as it was.</summary>
    public static string With(string host, string name)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? name : name + host[dot..];
    }

    // A short name is one of the namespace of the route; a cluster may have another domain than cluster.local.
    private string? NameIn(string? host)
    {
        if (string.IsNullOrEmpty(host))
            return null;
        var parts = host.Split('.');
        return parts.Length == 1 || (parts[1] == @namespace && (parts.Length == 2 || parts[2] == "svc")) ? parts[0] : null;
    }
}
