using k8s;
using MeshCanary.TestCluster.Images;
using MeshCanary.TestCluster.Networking;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>What everything that runs pods needs.</summary>
/// <param name="Client">The API server.</param>
/// <param name="Images">What containers run.</param>
/// <param name="Network">Gives pods their addresses.</param>
/// <param name="Folder">Holds the files of pods.</param>
/// <param name="Authority">The root certificate that pods get, PEM.</param>
/// <param name="RestartDelay">How long a container that ended twice waits; doubled every time, up to a minute.</param>
/// <param name="Time">The clock.</param>
internal sealed record KubeletParts(
    IKubernetes Client,
    ImageRegistry Images,
    PodNetwork Network,
    string Folder,
    string Authority,
    TimeSpan RestartDelay,
    TimeProvider Time)
{
    /// <summary>The folder of one pod.</summary>
    /// <param name="uid">The pod's uid.</param>
    public string PodFolder(string uid) => Path.Combine(Folder, "pods", uid);

    /// <summary>The file of a container's output.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">The pod's name.</param>
    /// <param name="container">The container's name.</param>
    public string LogFile(string space, string pod, string container) =>
        Path.Combine(Folder, "logs", $"{space}_{pod}_{container}.log");
}
