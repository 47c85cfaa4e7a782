using System.Collections.Concurrent;
using System.Net;
using k8s;
using MeshCanary.Controller.Admission;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Holding;
using MeshCanary.Controller.Admission.Registering;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Admission.Serving;
using MeshCanary.Controller.Admission.Validating;
using MeshCanary.Controller.Hosting;
using MeshCanary.TestCluster.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Cluster.Tests.Admission;

/// <summary>Our webhooks, registered for one namespace of a real cluster.</summary>
internal sealed class Webhooks : IAsyncDisposable
{
    public const string Us = "system:serviceaccount:meshcanary:controller";

    private readonly Func<Task> _unregister;
    private readonly WebHost _host;

    private Webhooks(WebHost host, Func<Task> unregister) => (_host, _unregister) = (host, unregister);

    public ConcurrentDictionary<string, HeldWorkload> Held { get; private init; } = new();

    public ConcurrentBag<CanaryClaim> Claims { get; private init; } = [];

    public static async Task<Webhooks> StartAsync(ClusterNamespace space)
    {
        var stop = TestContext.Current.CancellationToken;
        // Servers before 1.21 give namespaces no label of their name.
        await space.Client.CoreV1.PatchNamespaceAsync(new k8s.Models.V1Patch($$"""{ "metadata": { "labels": { "name": "{{space.Name}}" } } }""", k8s.Models.V1Patch.PatchType.MergePatch), space.Name, cancellationToken: stop);
        var serving = new ServingCertificate();
        var held = new ConcurrentDictionary<string, HeldWorkload>();
        var claims = new ConcurrentBag<CanaryClaim>();
        var tables = new Tables(held, claims);
        IAdmissionRule[] rules = [new CanaryRule(tables), new MetricTemplateRule(), new DeploymentRule(tables, Us), new ServiceRule(Us)];
        var host = await AdmissionServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), rules, serving, NullLoggerFactory.Instance, stop);
        var target = new WebhookTarget
        {
            Name = $"test-{space.Name}",
            Address = $"https://127.0.0.1:{host.Address.Port}",
            Namespaces = new Dictionary<string, string> { ["name"] = space.Name },
        };
        var keeper = new CertificateKeeper(new KubernetesSecretStore(space.Client, space.Name, "webhooks"), new CertificatePlan(target.Names), serving, TimeProvider.System, NullLogger<CertificateKeeper>.Instance);
        var registrar = new WebhookRegistrar(space.Client, target);
        await new AdmissionUpkeep(keeper, registrar, _ => { }, TimeProvider.System, NullLogger<AdmissionUpkeep>.Instance).RefreshAsync(stop);
        return new Webhooks(host, () => Task.WhenAll(
            space.Client.AdmissionregistrationV1.DeleteMutatingWebhookConfigurationAsync(target.Name),
            space.Client.AdmissionregistrationV1.DeleteValidatingWebhookConfigurationAsync(target.Name))) { Held = held, Claims = claims };
    }

    /// <summary>The server goes, its registration stays.</summary>
    public ValueTask StopServerAsync() => _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _unregister();
        await _host.DisposeAsync();
    }

    private sealed class Tables(ConcurrentDictionary<string, HeldWorkload> held, ConcurrentBag<CanaryClaim> claims) : IHeldWorkloads, ICanaryClaims
    {
        public HeldWorkload? Find(string uid) => held.GetValueOrDefault(uid);

        public IEnumerable<CanaryClaim> In(string @namespace) => claims;
    }
}
