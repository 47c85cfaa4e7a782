namespace MeshCanary.Rollouts.Specs;

/// <summary>What a Fail does.</summary>
public enum FailureAction
{
    /// <summary>All traffic returns to stable.</summary>
    Rollback,

    /// <summary>The weight stays and a person decides.</summary>
    Hold,
}
