using System.Globalization;

namespace MeshCanary.TestCluster.Commands;

/// <summary>The files by which the halves of a person's cluster, and the person, find each other.</summary>
/// <param name="path">The folder.</param>
internal sealed class StateFolder(string path)
{
    /// <summary>Where the inner half passes connections on to the API server.</summary>
    public string Socket => Path.Combine(path, "api.sock");

    /// <summary>The way in from outside.</summary>
    public string Kubeconfig => Path.Combine(path, "kubeconfig");

    /// <summary>The way in from inside.</summary>
    public string InnerKubeconfig => Path.Combine(path, "kubeconfig.inside");

    /// <summary>Writes the id of a process.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="process">The id.</param>
    public void WriteId(string name, int process) =>
        File.WriteAllText(Path.Combine(path, $"{name}.pid"), process.ToString(CultureInfo.InvariantCulture));
}
