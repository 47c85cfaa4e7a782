namespace MeshCanary.TestCluster.Load;

/// <summary>What load to make.</summary>
/// <param name="Address">Where to: usually a Service's address.</param>
public sealed record LoadPlan(Uri Address)
{
    /// <summary>Requests in a second, all connections together. Fewer when answers are slower than that.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>How many connections are open at once.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>After how many requests a connection is closed and a new one made; 1 for a new one every time.</summary>
    public int RequestsPerConnection { get; init; } = 20;

    /// <summary>How long a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Further header lines, without line ends.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
}
