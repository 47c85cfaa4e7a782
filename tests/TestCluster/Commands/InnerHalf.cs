using System.Net.Sockets;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.TestCluster.Running;

namespace MeshCanary.TestCluster.Commands;

/// <summary>The half of a person's cluster that is in its namespaces: the cluster itself.</summary>
internal static class InnerHalf
{
    /// <summary>The line that says that the cluster is there.</summary>
    public const string ReadyLine = "ready";

    /// <summary>Runs a cluster until standard input closes.</summary>
    /// <param name="folder">Where the other half looks.</param>
    public static async Task<int> RunAsync(StateFolder folder)
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions(), CancellationToken.None);
        await File.WriteAllTextAsync(folder.InnerKubeconfig, cluster.Admin.Kubeconfig());

        using var stop = new CancellationTokenSource();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.Socket));
        listener.Listen();
        var relay = new Relay(listener, ConnectAsync).RunAsync(stop.Token);

        await Console.Out.WriteLineAsync(ReadyLine);
        await Task.WhenAny(Console.OpenStandardInput().CopyToAsync(Stream.Null), cluster.Work);
        await stop.CancelAsync();
        await relay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cluster.Work.IsFaulted)
            await cluster.Work;
        return 0;
    }

    private static async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(OwnNamespace.Gateway, Daemons.Port, cancellation);
        return socket;
    }
}
