namespace MeshCanary.Controller.Reconciling;

/// <summary>What follows from a reconcile.</summary>
/// <param name="WakeAt">When to reconcile again even if nothing happens; null for never.</param>
/// <param name="Again">Whether to reconcile again at once.</param>
internal sealed record ReconcileOutcome(DateTimeOffset? WakeAt, bool Again);
