using System.Collections.Immutable;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>How proxies are run, as the controller was told at its start.</summary>
internal sealed record ProxySettings
{
    /// <summary>Their image.</summary>
    public required string Image { get; init; }

    /// <summary>What they are to call: a name that stands for all replicas of the controller.</summary>
    public required Uri Controller { get; init; }

    /// <summary>When the image is pulled.</summary>
    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Secrets to pull it with; they have to be in the Canary's namespace.</summary>
    public ImmutableArray<string> ImagePullSecrets { get; init; } = [];

    /// <summary>How many of them there are.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>The user that they run as.</summary>
    public int User { get; init; } = 1654;

    /// <summary>What each asks for of a processor.</summary>
    public string CpuRequest { get; init; } = "100m";

    /// <summary>What each asks for of memory.</summary>
    public string MemoryRequest { get; init; } = "128Mi";

    /// <summary>The memory that it is ended beyond.</summary>
    public string MemoryLimit { get; init; } = "512Mi";

    /// <summary>How long one that is told to stop serves on, until every node has heard.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests may then take.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
