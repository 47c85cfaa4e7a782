using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Specs;

/// <summary>One step: either a weight that is held and analysed, or an approval that is waited for.</summary>
public sealed record StepSpec
{
    /// <summary>The canary's share from this step on; null for an approval.</summary>
    public BasisPoints? Weight { get; init; }

    /// <summary>Shortest time at this weight, however good the evidence.</summary>
    public TimeSpan MinDuration { get; init; }

    /// <summary>Longest time at this weight; then <see cref="AnalysisSpec.OnInconclusive"/> decides.</summary>
    public TimeSpan MaxDuration { get; init; }

    /// <summary>The approval; null for a weight.</summary>
    public ApprovalSpec? Approval { get; init; }
}
