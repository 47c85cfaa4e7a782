namespace MeshCanary.TestCluster.Running;

/// <summary>What a cluster is to be like.</summary>
public sealed record ClusterOptions
{
    /// <summary>How many nodes there are.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How long a container that ended twice waits before its next start; doubled every time, up to a minute.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The folder of <c>meshcanary.dll</c> and <c>MeshCanary.SampleService.dll</c>.</summary>
    public string Programs { get; init; } = AppContext.BaseDirectory;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
