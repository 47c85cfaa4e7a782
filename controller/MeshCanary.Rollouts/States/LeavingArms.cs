using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.States;

/// <summary>The arms that leave, first the one that left first; never empty. Immutable.</summary>
/// <param name="All">The arms, one per revision.</param>
public sealed record LeavingArms(ImmutableArray<LeavingArm> All)
{
    /// <summary>These and one more; an arm that leaves already begins anew.</summary>
    public static LeavingArms With(LeavingArms? before, Revision revision) =>
        new([.. (before?.All ?? []).Where(arm => arm.Revision != revision), new LeavingArm(revision, null)]);

    /// <summary>These arms, or null for none.</summary>
    public static LeavingArms? Of(IEnumerable<LeavingArm> arms)
    {
        ImmutableArray<LeavingArm> all = [.. arms];
        return all.IsEmpty ? null : new LeavingArms(all);
    }

    /// <summary>Same arms in the same order.</summary>
    public bool Equals(LeavingArms? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => All.Length;
}
