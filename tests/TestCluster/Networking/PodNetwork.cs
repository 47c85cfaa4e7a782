using System.Globalization;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Networking;

/// <summary>
/// Gives each pod a network namespace and an address. A pod knows nobody but the gateway, so that every packet passes
/// the rules of the Services on its way there and back. Safe to use from several threads.
/// </summary>
internal sealed class PodNetwork
{
    private const int FirstAddress = 256;

    private int _count;

    /// <summary>Makes the namespace of a pod.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<PodSandbox> AddAsync(CancellationToken cancellation)
    {
        // Addresses are not used again for as long as the range lasts: late packets of one pod never meet another.
        var number = FirstAddress + (Interlocked.Increment(ref _count) % (250 * 256));
        var address = string.Create(CultureInfo.InvariantCulture, $"10.98.{number / 256}.{number % 256}");
        var name = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        await Tools.MustAsync(
            $"""
            netns add {name}
            link add {name} type veth peer name eth0 netns {name}
            link set {name} master {OwnNamespace.Bridge} up

            """, "ip", ["-batch", "-"], cancellation);
        await Tools.MustAsync(
            $"""
            link set lo up
            address add {address}/32 dev eth0
            link set eth0 up
            route add {OwnNamespace.Gateway} dev eth0
            route add default via {OwnNamespace.Gateway}

            """, "ip", ["-n", name, "-batch", "-"], cancellation);
        return new PodSandbox(name, address);
    }

    /// <summary>Removes the namespace of a pod.</summary>
    /// <param name="sandbox">What was made for it.</param>
    public static Task RemoveAsync(PodSandbox sandbox) =>
        Tools.RunAsync(null, "ip", ["netns", "delete", sandbox.Name], CancellationToken.None);
}
