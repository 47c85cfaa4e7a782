namespace MeshCanary.Controller.Admission.Registering;

/// <summary>How API servers reach us: through a Service, or at an address when we run outside of the cluster.</summary>
internal sealed record WebhookTarget
{
    /// <summary>Name of both configurations; another one for each of several installations in a cluster.</summary>
    public string Name { get; init; } = "meshcanary";

    /// <summary>Labels of the namespaces whose writes are looked at; none for all.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>();

    public string? Namespace { get; init; }

    public string? Service { get; init; }

    /// <summary>The Service's port.</summary>
    public int Port { get; init; } = 443;

    /// <summary><c>https://HOST:PORT</c>, in place of a Service.</summary>
    public string? Address { get; init; }

    /// <summary>What the certificate has to be for.</summary>
    public IReadOnlyList<string> Names => Address is { } address ? [new Uri(address).Host] : [$"{Service}.{Namespace}.svc", $"{Service}.{Namespace}.svc.cluster.local"];
}
