namespace MeshCanary.Splitting.Choosing;

/// <summary>One side of a comparison.</summary>
public enum Arm
{
    /// <summary>The running version.</summary>
    Stable,

    /// <summary>The new version.</summary>
    Canary,
}
