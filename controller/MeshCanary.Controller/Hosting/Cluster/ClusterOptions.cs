using System.Net;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>What a controller in a cluster is started with.</summary>
public sealed record ClusterOptions
{
    /// <summary>A kubeconfig file; null for the service account that pods are given, or the environment's kubeconfig outside of one.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>Namespaces whose Canaries are controlled; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Where the JSON API is served. Loopback only, since it asks for no credentials: <c>kubectl port-forward</c> leads there.</summary>
    public required IPEndPoint Api { get; init; }

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>Where proxies connect (gRPC with TLS).</summary>
    public required IPEndPoint Control { get; init; }

    /// <summary>Where the API server's reviews are answered (HTTPS); null for no webhooks.</summary>
    public IPEndPoint? Webhook { get; init; }

    /// <summary>Name of the Service before <see cref="Webhook"/>, on port 443 in <see cref="Namespace"/>; null when API servers are told <see cref="Webhook"/> itself.</summary>
    public string? WebhookService { get; init; }

    /// <summary>What proxies connect to: host and port of the headless Service of all replicas.</summary>
    public required string ControlAddress { get; init; }

    /// <summary>Name of the Secret, in <see cref="Namespace"/>, with the certificates that all replicas share.</summary>
    public string CertificateSecret { get; init; } = "meshcanary-certificate";

    /// <summary>Image of the proxies.</summary>
    public required string ProxyImage { get; init; }

    /// <summary>When their image is pulled: Always, IfNotPresent or Never.</summary>
    public string ProxyImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Name of this process that people recognise: its pod's.</summary>
    public required string Name { get; init; }

    /// <summary>Namespace of the controller: of its lease and its Secret.</summary>
    public required string Namespace { get; init; }

    /// <summary>IP address by which other pods reach this one; empty when nobody does.</summary>
    public string Address { get; init; } = "";

    /// <summary>User name of the controller's own service account, whose writes the webhooks let through.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>Folder for this replica's history; its loss costs history alone.</summary>
    public required string StateFolder { get; init; }

    /// <summary>How long others wait without a sign of life of the leader before they take over.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often proxies report at least.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Namespaces of <see cref="Namespaces"/> as informers want them: one, or null for all.</summary>
    internal bool Covers(string @namespace) => Namespaces.Count == 0 || Namespaces.Contains(@namespace, StringComparer.Ordinal);
}
