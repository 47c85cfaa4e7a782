using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Reconciling;

/// <summary>A person wants this.</summary>
internal sealed record ActRequest(ActionKind Kind, string Reason, string Origin) : CanaryRequest(Origin)
{
    /// <summary>The step to go to, from 1; null for none.</summary>
    public int? Step { get; init; }
}
