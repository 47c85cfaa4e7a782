using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>A workload that runs its revisions by itself: it does what the plan asks for late, people overrule it, and others scale it.</summary>
internal sealed class ModelWorkload(Revision home)
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 10];

    private Revision? _home = home;
    private Revision? _takenOver;
    private int _whole = 3;

    public void Disturb(int draw, Revision target, WorkloadPlan plan)
    {
        switch (draw % 6)
        {
            case 0: _home = null; break;
            case 1: _whole = Sizes[draw % Sizes.Length]; break;
            case 2: (_home, _takenOver) = (target, target); break;
            case 3: _takenOver = null; break;
            default: _home = plan.Home; break;
        }
    }

    public void Calm(WorkloadPlan plan) => (_home, _takenOver) = (plan.Home, null);

    public int Needed(WorkloadPlan plan, Revision revision) =>
        plan.Home == revision ? _whole : plan.Arms.FirstOrDefault(arm => arm.Revision == revision) is { Share: { } share } ? ArmSize.For(share, _whole) : 0;

    public WorkloadObservation Observe() => new() { Whole = _whole, Home = _home, TakenOver = _takenOver };
}
