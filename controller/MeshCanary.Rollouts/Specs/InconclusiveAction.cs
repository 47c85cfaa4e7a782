namespace MeshCanary.Rollouts.Specs;

/// <summary>What happens when a step's longest duration ends without a verdict.</summary>
public enum InconclusiveAction
{
    /// <summary>The weight stays until a Pass arrives after all or a person decides.</summary>
    Hold,

    /// <summary>The run goes on to the next step.</summary>
    Promote,

    /// <summary>All traffic returns to stable.</summary>
    Rollback,
}
