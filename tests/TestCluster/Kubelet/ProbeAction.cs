using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Asks a container something, as probes and hooks do.</summary>
/// <param name="address">The pod's address.</param>
/// <param name="container">The container.</param>
/// <param name="process">Its process.</param>
internal sealed class ProbeAction(string address, V1Container container, LoggedProcess process)
{
    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "A kubelet does not look at the certificate of a probe's target either.")]
    // As a kubelet: no redirects, no proxy, and certificates are not looked at.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Runs a probe once.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="cancellation">Its time limit.</param>
    /// <returns>Whether it succeeded.</returns>
    public Task<bool> AskAsync(V1Probe probe, CancellationToken cancellation)
    {
        if (probe.HttpGet is { } http)
            return GetAsync(http, cancellation);
        if (probe.TcpSocket is { } tcp)
            return ConnectAsync(tcp, cancellation);
        return probe.Exec is { } exec
            ? RunAsync(exec.Command, cancellation)
            : throw new ConfigurationException("a probe is of a kind that the stand-in kubelet does not support");
    }

    /// <summary>Runs a hook.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="time">The clock of a sleep.</param>
    /// <param name="cancellation">Its time limit.</param>
    public async Task RunAsync(V1LifecycleHandler hook, TimeProvider time, CancellationToken cancellation)
    {
        if (hook.Exec is { } exec)
            await RunAsync(exec.Command, cancellation);
        else if (hook.HttpGet is { } http)
            await GetAsync(http, cancellation);
        else if (hook.Sleep is { } sleep)
            await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), time, cancellation);
    }

    private async Task<bool> GetAsync(V1HTTPGetAction get, CancellationToken cancellation)
    {
        var host = string.IsNullOrEmpty(get.Host) ? address : get.Host;
        var scheme = get.Scheme is "HTTPS" ? "https" : "http";
        using var request = new HttpRequestMessage(HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{Port(get.Port)}/{(get.Path ?? "").TrimStart('/')}"));
        foreach (var header in get.HttpHeaders ?? [])
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return (int)answer.StatusCode is >= 200 and < 400;
    }

    private async Task<bool> ConnectAsync(V1TCPSocketAction tcp, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(string.IsNullOrEmpty(tcp.Host) ? address : tcp.Host, Port(tcp.Port), cancellation);
        return true;
    }

    private async Task<bool> RunAsync(IEnumerable<string> command, CancellationToken cancellation) =>
        (await ContainerLauncher.ExecAsync(process, command, cancellation)).ExitCode == 0;

    private int Port(IntOrString port)
    {
        var text = port.ToString();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return container.Ports?.FirstOrDefault(one => one.Name == text)?.ContainerPort
            ?? throw new ConfigurationException($"the container has no port named {text}");
    }
}
