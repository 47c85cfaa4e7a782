using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>
/// Asks for what the decision core asks for, in the orders in which it does: a run against stable, steps upward, the handover only with
/// the whole arm ready, the bake, ways back from everywhere. What ends is leaving before it is gone.
/// </summary>
internal sealed class ModelCore(Revision stable)
{
    private static readonly int[] Shares = [500, 2000, 5000, 10_000];

    private readonly List<Revision> _leaving = [];
    private int _step;
    private bool _handedOver;
    private Revision? _previous;

    public Revision Stable { get; private set; } = stable;

    public Revision? Run { get; private set; }

    public Revision? Failed { get; private set; }

    /// <summary>How often a home changed hands without anybody's hand.</summary>
    public int Handovers { get; private set; }

    public WorkloadPlan Plan
    {
        get
        {
            var home = _handedOver && Run is not null ? Run : Stable;
            var arms = new List<ArmPlan>();
            if (Run is not null)
                arms.AddRange([new ArmPlan(Run, new BasisPoints(Shares[_step]), _leaving.Contains(Run)), new ArmPlan(Stable, new BasisPoints(10_000))]);
            else if (_previous is not null)
                arms.Add(new ArmPlan(_previous, new BasisPoints(10_000)));
            arms.AddRange(_leaving.Select(revision => new ArmPlan(revision, null)));
            return new WorkloadPlan(home, [.. arms.Where(arm => arm.Revision != home).DistinctBy(arm => arm.Revision)]);
        }
    }

    /// <summary>Looks, and goes on as far as it may.</summary>
    public void Decide(WorkloadSight sight, int draw)
    {
        if (sight.Target is not { } target || sight.Observation is not { } seen)
            return;
        if (seen.TakenOver is { } taken && taken == target && taken != Stable && Run != taken)
            Begin(taken);
        if (seen.TakenOver is { } byHand && byHand == Run)
            (_handedOver, _step) = (true, Shares.Length - 1);
        if (Run is null)
            Rest(target, draw);
        else if (target == Stable)
            End(null);
        else if (target != Run)
            Begin(target);
        else if (_handedOver)
            Finish(seen);
        else if (draw % 7 == 0)
            End(Run);
        else if (sight.Ready.GetValueOrDefault(Run.Name) >= ArmSize.For(new BasisPoints(Shares[_step]), seen.Whole))
            Advance();
    }

    /// <summary>What leaves has left.</summary>
    public void Drain()
    {
        if (_leaving.Count > 0)
            _leaving.RemoveAt(0);
    }

    /// <summary>The removal: all of the traffic is on what stays.</summary>
    public void Release()
    {
        if (_handedOver && Run is not null)
            (Stable, Run) = (Run, null);
        (Run, _previous, _handedOver) = (null, null, false);
        _leaving.Clear();
    }

    private void Rest(Revision target, int draw)
    {
        if (_previous is { } previous && (draw % 5 == 0 || target == previous))
        {
            Leave(Stable);
            (Stable, Failed, _previous) = (previous, Stable, null);
        }
        else if (_previous is { } kept && (target != Stable || draw % 5 == 1))
        {
            Leave(kept);
            _previous = null;
        }
        else if (_previous is null && target != Stable && target != Failed)
            Begin(target);
        else if (target == Stable)
            Failed = null;
    }

    private void Begin(Revision target)
    {
        if (Run is { } superseded)
            Leave(superseded);
        if (_previous is { } kept)
            Leave(kept);
        (Run, _step, _handedOver, _previous, Failed) = (target, 0, false, null, null);
    }

    private void Advance()
    {
        if (_step < Shares.Length - 1)
            _step++;
        else
            (_handedOver, Handovers) = (true, Handovers + 1);
    }

    private void End(Revision? failed)
    {
        Leave(Run!);
        (Run, Failed, _handedOver) = (null, failed, false);
    }

    private void Finish(WorkloadObservation seen)
    {
        if (seen.Home != Run)
            return;
        var old = Stable;
        (Stable, Run, _handedOver) = (Run!, null, false);
        if (seen.TakenOver == Stable)
            Leave(old);
        else
            _previous = old;
    }

    private void Leave(Revision revision)
    {
        _leaving.Remove(revision);
        _leaving.Add(revision);
    }
}
