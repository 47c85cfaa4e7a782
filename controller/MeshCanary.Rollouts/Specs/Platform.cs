namespace MeshCanary.Rollouts.Specs;

/// <summary>Where a Canary is meant to be in force: it decides which workloads there are.</summary>
public enum Platform
{
    /// <summary><c>meshcanary serve</c>: versions are given as addresses.</summary>
    Standalone,

    /// <summary>A cluster: versions are those of a Deployment.</summary>
    Kubernetes,
}
