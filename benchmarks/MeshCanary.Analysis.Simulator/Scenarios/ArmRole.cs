namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>Which arm of a rollout an arm is.</summary>
internal enum ArmRole
{
    /// <summary>The version that runs.</summary>
    Stable,

    /// <summary>The same version in new pods.</summary>
    Baseline,

    /// <summary>The new version.</summary>
    Canary,
}
