namespace MeshCanary.TestCluster.Kubelet;

/// <summary>A pod asks for something that does not exist (yet); it waits, and says what for.</summary>
/// <param name="message">What is missing.</param>
internal sealed class ConfigurationException(string message) : Exception(message);
