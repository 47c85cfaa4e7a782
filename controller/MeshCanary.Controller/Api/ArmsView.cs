namespace MeshCanary.Controller.Api;

/// <summary>Both arms, and the totals of the run so far.</summary>
/// <param name="Stable">The running version.</param>
/// <param name="Canary">The new version; null without a run.</param>
public sealed record ArmsView(ArmView Stable, ArmView? Canary);
