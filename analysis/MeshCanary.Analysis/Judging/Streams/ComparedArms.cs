using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>The two sides of the comparison in one interval.</summary>
/// <param name="Canary">The new version.</param>
/// <param name="Stable">What it is compared with: stable, or the baseline arm of a three-way rollout.</param>
internal readonly record struct ComparedArms(ArmCounts Canary, ArmCounts Stable)
{
    /// <summary>Users where they are compared (nothing from a source that does not count them), and otherwise requests.</summary>
    public static ComparedArms Of(IntervalSample sample, ComparisonUnit unit) => unit == ComparisonUnit.Users
        ? new ComparedArms(sample.Users?.Canary ?? ArmCounts.None, sample.Users?.Stable ?? ArmCounts.None)
        : new ComparedArms(sample.Canary, sample.Baseline ?? sample.Stable);
}
