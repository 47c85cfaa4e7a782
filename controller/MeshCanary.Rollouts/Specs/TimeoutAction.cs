namespace MeshCanary.Rollouts.Specs;

/// <summary>What happens when an approval is not given in time.</summary>
public enum TimeoutAction
{
    /// <summary>The run ends and traffic returns to stable.</summary>
    Abort,

    /// <summary>The run goes on.</summary>
    Promote,
}
