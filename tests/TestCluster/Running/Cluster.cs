using k8s;
using k8s.Models;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Faults;
using MeshCanary.TestCluster.Images;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.TestCluster.Kubelet;
using MeshCanary.TestCluster.Networking;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.TestCluster.Running;

/// <summary>
/// A real control plane with stand-ins for scheduler, kubelets, kube-proxy and name server, in this process's
/// namespaces. Safe to use from several threads.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly CertificateAuthority _authority;
    private readonly CancellationTokenSource _stop = new();
    private readonly Daemons _daemons;
    private readonly KubeletParts _parts;
    private readonly StandInKubelet _kubelet;
    private readonly ServiceProxy _services;
    private IAsyncDisposable? _logs;
    private Task _work = Task.CompletedTask;

    private Cluster(Daemons daemons, CertificateAuthority authority, ClusterOptions options)
    {
        (_daemons, _authority) = (daemons, authority);
        Client = daemons.Admin.Client();
        StandardImages.AddTo(Images, options.Programs);
        _parts = new KubeletParts(
            Client, Images, new PodNetwork(), OwnNamespace.Folder, authority.RootPem, options.RestartDelay, options.Time);
        _kubelet = new StandInKubelet(_parts, options.Nodes);
        _services = new ServiceProxy(Client, options.Time);
    }

    /// <summary>A client with all rights.</summary>
    public IKubernetes Client { get; }

    /// <summary>The way in for an administrator.</summary>
    public Access Admin => _daemons.Admin;

    /// <summary>What the containers of the cluster can run.</summary>
    public ImageRegistry Images { get; } = new();

    /// <summary>Issues certificates that everybody in the cluster trusts.</summary>
    public CertificateAuthority Authority => _authority;

    /// <summary>Fails when a stand-in broke; it does not complete before the cluster ends.</summary>
    public Task Work => _work;

    /// <summary>Starts a cluster and waits until pods can be made in it.</summary>
    /// <param name="options">What it is to be like.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The programs are missing, or this process has no namespaces of its own.</exception>
    public static async Task<Cluster> StartAsync(ClusterOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OwnNamespace.IsInside)
            throw new InvalidOperationException($"A cluster needs namespaces of its own; call {nameof(OwnNamespace)}.{nameof(OwnNamespace.Enter)} first.");

        var authority = new CertificateAuthority(options.Time);
        var daemons = await Daemons.StartAsync(
            ClusterBinaries.Find(), Path.Combine(OwnNamespace.Folder, "control-plane"), authority, cancellation);
        var cluster = new Cluster(daemons, authority, options);
        cluster._logs = await LogServer.StartAsync(cluster._parts, authority, cancellation);
        await cluster._kubelet.RegisterAsync(cancellation);
        cluster._work = Task.WhenAll(
            cluster.RunAsync(cluster._kubelet.RunAsync), cluster.RunAsync(cluster._services.RunAsync));
        await cluster.AccountAsync("default", cancellation);
        return cluster;
    }

    /// <summary>Makes a namespace and waits until pods can be made in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ClusterNamespace> NamespaceAsync(string name, CancellationToken cancellation)
    {
        // A stand-in that broke says so here, not by what a test then waits for in vain.
        if (_work.IsFaulted)
            await _work;
        await Client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: cancellation);
        await AccountAsync(name, cancellation);
        return new ClusterNamespace(this, name);
    }

    /// <summary>Puts a proxy before the API server that does to calls what a test asks for; the caller disposes of it.</summary>
    /// <param name="cancellation">Ends the start.</param>
    public Task<FaultProxy> FaultsAsync(CancellationToken cancellation) =>
        FaultProxy.StartAsync(Admin, _authority, _parts.Time, cancellation);

    /// <summary>The way in for a service account, with a token that is good for an hour.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Access> AccountAsync(string space, string name, CancellationToken cancellation)
    {
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 3600 } };
        var answer = await Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, name, space, cancellationToken: cancellation);
        return new Access(Admin.Server, Admin.Authority, null, answer.Status.Token);
    }

    /// <summary>Runs a command in a container of a pod, as <c>kubectl exec</c> would.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <param name="container">The container; the first unless given.</param>
    public Task<ToolResult> ExecAsync(
        string space, string pod, IEnumerable<string> command, CancellationToken cancellation, string? container = null) =>
        _kubelet.ExecAsync(space, pod, container, command, cancellation);

    /// <summary>Ends a container of a pod without a word, as a kernel that is out of memory does; the kubelet starts it again.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="container">The container; the first unless given.</param>
    public void Crash(string space, string pod, string? container = null) => _kubelet.Crash(space, pod, container);

    /// <summary>What a container has written, over all its starts.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="container">The container's name.</param>
    public string Logs(string space, string pod, string container)
    {
        var file = _parts.LogFile(space, pod, container);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    /// <summary>Ends everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_logs is not null)
            await _logs.DisposeAsync();
        await _daemons.DisposeAsync();
        Client.Dispose();
        _authority.Dispose();
        _stop.Dispose();
    }

    // The end of one stand-in is the end of all: half a cluster would only make tests wait.
    private async Task RunAsync(Func<CancellationToken, Task> part)
    {
        try
        {
            await Task.Run(() => part(_stop.Token), CancellationToken.None);
        }
        finally
        {
            await _stop.CancelAsync();
        }
    }

    // Pods of a namespace are refused until its default account is there and, on old servers, has its token, and the
    // server has noticed.
    private Task AccountAsync(string space, CancellationToken cancellation)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "probe" },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "probe", Image = "probe" }] },
        };
        return Eventually.TrueAsync(
            async () => await Client.CoreV1.CreateNamespacedPodAsync(pod, space, dryRun: "All", cancellationToken: cancellation) is not null,
            StartDeadline, $"pods can be made in the namespace {space}", cancellation: cancellation);
    }
}
