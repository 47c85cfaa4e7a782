namespace MeshCanary.Rollouts.Specs;

/// <summary>What is asked of a workload of kind <c>Deployment</c>.</summary>
public sealed record DeploymentSpec
{
    /// <summary>How a new template is kept from rolling out by itself.</summary>
    public HoldMode Hold { get; init; } = HoldMode.Webhook;

    /// <summary>Whether ConfigMaps and Secrets that the template names are copied for each revision.</summary>
    public bool ConfigSnapshots { get; init; }

    /// <summary>What becomes of a template that is not the promoted one when the Canary is removed.</summary>
    public ReleaseAction OnRelease { get; init; } = ReleaseAction.Hold;
}
