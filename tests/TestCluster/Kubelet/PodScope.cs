using k8s.Models;
using MeshCanary.TestCluster.Networking;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>What the containers of one pod share.</summary>
/// <param name="Parts">What all pods share.</param>
/// <param name="Pod">The pod as it was bound.</param>
/// <param name="Sandbox">Its network.</param>
/// <param name="Volumes">Its volumes.</param>
/// <param name="Reader">Reads its ConfigMaps and Secrets.</param>
internal sealed record PodScope(KubeletParts Parts, V1Pod Pod, PodSandbox Sandbox, PodVolumes Volumes, ConfigReader Reader);
