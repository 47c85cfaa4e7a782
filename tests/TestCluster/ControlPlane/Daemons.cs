using System.Net;
using System.Security.Cryptography;
using k8s;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>etcd, kube-apiserver and kube-controller-manager as processes.</summary>
internal sealed class Daemons : IAsyncDisposable
{
    /// <summary>Where the API server listens; the namespace is the cluster's own, so the port is free.</summary>
    public const int Port = 6443;

    /// <summary>The first address of the Service range: the API server as pods see it.</summary>
    public const string ApiAddress = "10.99.0.1";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly CertificateAuthority _authority;
    private readonly List<LoggedProcess> _processes = [];

    private Daemons(string binaries, string folder, CertificateAuthority authority)
    {
        (_binaries, _folder, _authority) = (binaries, folder, authority);
        Admin = Person("admin");
    }

    /// <summary>The way in for an administrator.</summary>
    public Access Admin { get; }

    /// <summary>Starts them and waits until the API server is ready.</summary>
    /// <param name="binaries">The folder of the programs.</param>
    /// <param name="folder">A folder for data, keys and logs.</param>
    /// <param name="authority">Issues the certificates.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Daemons> StartAsync(
        string binaries, string folder, CertificateAuthority authority, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var daemons = new Daemons(binaries, folder, authority);
        try
        {
            await daemons.StartAsync(cancellation);
            return daemons;
        }
        catch
        {
            await daemons.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        WriteKeys();
        Start("etcd",
            $"--data-dir={PathOf("etcd")}", "--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            "--initial-cluster=default=http://127.0.0.1:2380", "--log-level=warn");
        var server = Start("kube-apiserver",
            "--etcd-servers=http://127.0.0.1:2379", $"--secure-port={Port}", "--bind-address=0.0.0.0",
            $"--advertise-address={OwnNamespace.Gateway}", $"--service-cluster-ip-range={OwnNamespace.ServiceRange}",
            $"--tls-cert-file={PathOf("server.crt")}", $"--tls-private-key-file={PathOf("server.key")}",
            $"--client-ca-file={PathOf("ca.crt")}", "--authorization-mode=RBAC", "--allow-privileged=true",
            "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-key-file={PathOf("accounts.pub")}",
            $"--service-account-signing-key-file={PathOf("accounts.key")}", "--api-audiences=https://kubernetes.default.svc");
        await ReadyAsync(server, cancellation);

        // A member of system:masters: the controllers need no account each, and so no start-up of their own.
        var controllers = Person("system:kube-controller-manager");
        File.WriteAllText(PathOf("controllers.kubeconfig"), controllers.Kubeconfig());
        Start("kube-controller-manager",
            $"--kubeconfig={PathOf("controllers.kubeconfig")}", "--leader-elect=false", "--use-service-account-credentials=false",
            $"--root-ca-file={PathOf("ca.crt")}", $"--service-account-private-key-file={PathOf("accounts.key")}",
            $"--cluster-signing-cert-file={PathOf("ca.crt")}", $"--cluster-signing-key-file={PathOf("ca.key")}",
            "--controllers=*", "--horizontal-pod-autoscaler-sync-period=2s", "--kube-api-qps=300", "--kube-api-burst=600");
    }

    private async Task ReadyAsync(LoggedProcess server, CancellationToken cancellation)
    {
        using var client = Admin.Client();
        await Eventually.TrueAsync(
            async () =>
            {
                if (_processes.FirstOrDefault(process => process.Exit.IsCompleted) is { } ended)
                    throw new InvalidOperationException($"{Path.GetFileName(ended.Log)} ended: {Tail(ended.Log)}");
                using var answer = await ((Kubernetes)client).HttpClient.GetAsync(
                    new Uri(Admin.Server, "/readyz"), cancellation);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            StartDeadline, "the API server is ready", () => Tail(server.Log), cancellation);
    }

    private LoggedProcess Start(string program, params string[] arguments)
    {
        var process = LoggedProcess.Start([Path.Combine(_binaries, program), .. arguments], PathOf($"{program}.log"));
        _processes.Add(process);
        return process;
    }

    private void WriteKeys()
    {
        var server = _authority.Issue("kube-apiserver", [],
            ["localhost", "127.0.0.1", ApiAddress, OwnNamespace.Gateway, "kubernetes", "kubernetes.default",
                "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]);
        using var accounts = RSA.Create(2048);
        File.WriteAllText(PathOf("ca.crt"), _authority.RootPem);
        File.WriteAllText(PathOf("ca.key"), _authority.RootKeyPem);
        File.WriteAllText(PathOf("server.crt"), server.Certificate);
        File.WriteAllText(PathOf("server.key"), server.Key);
        File.WriteAllText(PathOf("accounts.key"), accounts.ExportRSAPrivateKeyPem());
        File.WriteAllText(PathOf("accounts.pub"), accounts.ExportSubjectPublicKeyInfoPem());
    }

    private Access Person(string name) => new(
        new Uri($"https://{OwnNamespace.Gateway}:{Port}"), _authority.RootPem, _authority.Issue(name, ["system:masters"], []), null);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static string Tail(string log) =>
        File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "nothing was logged";
}
