using System.Collections.Frozen;
using System.Net;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Hosting;

/// <summary>What a standalone controller is started with.</summary>
public sealed record ControllerOptions
{
    /// <summary>The Canaries to control.</summary>
    public required IReadOnlyList<CanaryManifest> Canaries { get; init; }

    /// <summary>The metric templates that they name.</summary>
    public IReadOnlyList<NamedMetricTemplate> Templates { get; init; } = [];

    /// <summary>Who answers their queries, by type; null for all that this build has.</summary>
    internal FrozenDictionary<string, IMetricProvider>? MetricProviders { get; init; }

    /// <summary>Where the JSON API and <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c> are served (HTTP/1.1). Port 0 takes any free one.</summary>
    public required IPEndPoint Api { get; init; }

    /// <summary>Where proxies connect (gRPC).</summary>
    public required IPEndPoint Control { get; init; }

    /// <summary>Folder that holds the state; made when absent.</summary>
    public required string StateFolder { get; init; }

    /// <summary>File with the token that proxies must show; made with a random token when absent. Null asks for none, which is refused unless <see cref="Control"/> is loopback.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM certificate (and chain) for the proxy port; null serves it without TLS, which is refused unless <see cref="Control"/> is loopback.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM key of <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>How often proxies report; less often where an analysis interval is longer than sixty of it.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Refuse to start when a Canary that was never seen before has no stable endpoint that answers.</summary>
    public bool RequireStable { get; init; } = true;
}
