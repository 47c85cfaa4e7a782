using k8s;
using MeshCanary.Controller.Admission;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Holding;
using MeshCanary.Controller.Admission.Registering;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Admission.Serving;
using MeshCanary.Controller.Admission.Validating;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Metrics.Templates;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Certificates and webhooks of one replica. Every replica answers reviews, also while another leads.</summary>
internal sealed class ClusterAdmission(ClusterOptions options, KubernetesClientConfiguration configuration, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly Kubernetes _client = new(configuration);

    private volatile string _bundle = "";

    /// <summary>What proxies and API servers are shown.</summary>
    public ServingCertificate Certificate { get; } = new();

    /// <summary>PEM certificates of those who may have signed it; empty before it is there.</summary>
    public string Bundle => _bundle;

    /// <summary>Looks after certificates, and after the webhooks' registration where there are any, until it is cancelled.</summary>
    public Task UpkeepAsync(CancellationToken cancellation)
    {
        var target = options.WebhookService is { } service
            ? new WebhookTarget { Namespace = options.Namespace, Service = service }
            : new WebhookTarget { Address = $"https://{Host}:{options.Webhook?.Port ?? 443}" };
        string[] names = [.. options.Webhook is null ? [] : target.Names, options.ControlAddress.Split(':')[0]];
        var keeper = new CertificateKeeper(
            new KubernetesSecretStore(_client, options.Namespace, options.CertificateSecret), new CertificatePlan(names), Certificate, time, loggers.CreateLogger<CertificateKeeper>());
        var registrar = options.Webhook is null ? null : new WebhookRegistrar(_client, target);
        return new AdmissionUpkeep(keeper, registrar, bundle => _bundle = bundle, time, loggers.CreateLogger<AdmissionUpkeep>()).RunAsync(cancellation);
    }

    /// <summary>Answers reviews.</summary>
    /// <param name="caches">What this replica knows.</param>
    /// <param name="revisionLabel">The label by which a ReplicaSet says of which revision it is.</param>
    /// <param name="us">User name of our own account.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public Task<WebHost> ServeAsync(ClusterCaches caches, string revisionLabel, string us, CancellationToken cancellationToken)
    {
        var held = new HeldWorkloads(caches.Canaries.Store, caches.Deployments.Store, caches.ReplicaSets.Store, revisionLabel);
        IAdmissionRule[] rules = [new DeploymentRule(held, us), new ServiceRule(us), new CanaryRule(new CanaryClaims(caches.Canaries.Store), new ClusterTemplates(caches.Templates)), new MetricTemplateRule()];
        return AdmissionServer.StartAsync(options.Webhook!, rules, Certificate, loggers, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private string Host => options.Address.Length > 0 ? options.Address : options.Webhook?.Address.ToString() ?? "localhost";
}
