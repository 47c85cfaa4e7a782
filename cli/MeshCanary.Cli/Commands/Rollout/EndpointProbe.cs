using System.Net.Sockets;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Rollout;

/// <summary>Looks whether a new version's endpoints take connections before anything is asked of the server.</summary>
internal static class EndpointProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Returns when at least one endpoint takes connections.</summary>
    /// <exception cref="CommandFailure">None does.</exception>
    public static async Task RequireAsync(IReadOnlyList<Uri> addresses, TimeProvider time, CancellationToken stop)
    {
        var problems = await Task.WhenAll(addresses.Select(address => ProblemAsync(address, time, stop))).ConfigureAwait(false);
        if (problems.Any(problem => problem is null))
            return;
        throw new CommandFailure(
            $"No endpoint of the new version answers: {string.Join("; ", problems)}.",
            "start the version first, correct --canary, or announce it anyway with --force (when only the server can reach it).");
    }

    private static async Task<string?> ProblemAsync(Uri address, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.DnsSafeHost, address.Port, either.Token).ConfigureAwait(false);
            return null;
        }
        catch (SocketException failure)
        {
            return $"{address.AbsoluteUri.TrimEnd('/')} ({failure.Message})";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{address.AbsoluteUri.TrimEnd('/')} (no answer within {Patience.TotalSeconds:0} s)";
        }
    }
}
