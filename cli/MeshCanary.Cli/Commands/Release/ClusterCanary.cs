namespace MeshCanary.Cli.Commands.Release;

/// <summary>What a release has to know of a Canary in a cluster.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Which of all that had this name.</param>
/// <param name="IsLeaving">Whether its deletion was asked for.</param>
/// <param name="WaitsFor">What it waits for, in plain words; null when it says nothing.</param>
internal sealed record ClusterCanary(string Namespace, string Name, string Uid, bool IsLeaving, string? WaitsFor)
{
    /// <summary>As a person writes it; always with its namespace, since many are listed.</summary>
    public string Key => $"{Namespace}/{Name}";
}
