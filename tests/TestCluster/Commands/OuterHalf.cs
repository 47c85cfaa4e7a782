using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Commands;

/// <summary>The half of a person's cluster that is on the machine: it starts the other, and is its port there.</summary>
internal static class OuterHalf
{
    /// <summary>Runs until told to stop.</summary>
    /// <param name="folder">Where the halves find each other.</param>
    /// <param name="arguments">The arguments of the other half.</param>
    public static async Task<int> RunAsync(StateFolder folder, string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        folder.WriteId("outside", Environment.ProcessId);

        var command = OwnNamespace.Command(Environment.ProcessPath!, arguments);
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in OwnNamespace.Variables)
            start.Environment[name] = value;
        using var inner = Process.Start(start)!;
        if (await inner.StandardOutput.ReadLineAsync(stop.Token) != InnerHalf.ReadyLine)
        {
            await Console.Error.WriteLineAsync("The cluster did not start.");
            return 1;
        }

        // The process that was started is unshare's; the cluster is its only child.
        var child = await File.ReadAllTextAsync($"/proc/{inner.Id}/task/{inner.Id}/children", stop.Token);
        folder.WriteId("inside", int.Parse(child.Split(' ')[0], CultureInfo.InvariantCulture));

        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var kubeconfig = await File.ReadAllTextAsync(folder.InnerKubeconfig, stop.Token);
        await File.WriteAllTextAsync(folder.Kubeconfig, kubeconfig.Replace(
            $"{OwnNamespace.Gateway}:{ControlPlane.Daemons.Port}",
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), StringComparison.Ordinal), stop.Token);

        var relay = new Relay(listener, cancellation => ConnectAsync(folder.Socket, cancellation)).RunAsync(stop.Token);
        await Task.WhenAny(relay, inner.WaitForExitAsync(CancellationToken.None));
        inner.StandardInput.Close();
        await inner.WaitForExitAsync(CancellationToken.None);
        return stop.IsCancellationRequested ? 0 : 1;
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return socket;
    }
}
