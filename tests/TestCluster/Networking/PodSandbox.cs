namespace MeshCanary.TestCluster.Networking;

/// <summary>The network of a pod.</summary>
/// <param name="Name">The name of the network namespace.</param>
/// <param name="Address">The pod's address.</param>
internal sealed record PodSandbox(string Name, string Address)
{
    /// <summary>The file by which programs enter it.</summary>
    public string Path => $"/run/netns/{Name}";
}
