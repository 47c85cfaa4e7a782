using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Reconciling;

/// <summary>A person wants this.</summary>
internal sealed record ActRequest(ActionKind Kind, string Reason, string Origin) : CanaryRequest(Origin);
