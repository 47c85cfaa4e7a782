using k8s;
using k8s.Exceptions;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Finds the way to the API server.</summary>
internal static class ClusterConfiguration
{
    /// <summary>By the file that is named, else the pod's service account, else the environment's kubeconfig.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static KubernetesClientConfiguration Load(ClusterOptions options)
    {
        try
        {
            return options.KubeConfig is { } file
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(file)
                : KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig() : KubernetesClientConfiguration.BuildConfigFromConfigFile();
        }
        catch (Exception failure) when (failure is KubeConfigException or IOException or FormatException)
        {
            throw new IOException($"There is no way to a cluster: {failure.Message} Run inside of one, or name a kubeconfig file (--kubeconfig).", failure);
        }
    }
}
