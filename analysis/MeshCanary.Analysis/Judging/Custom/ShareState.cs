using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>State of one test on counts.</summary>
/// <param name="CanaryTotal">The canary's total.</param>
/// <param name="CanaryEvents">Of it the bad part.</param>
/// <param name="StableTotal">Stable's total.</param>
/// <param name="StableEvents">Of it the bad part.</param>
/// <param name="Fail">The FAIL process.</param>
/// <param name="Pass">The PASS process.</param>
/// <param name="Difference">The displayed difference.</param>
public sealed record ShareState(
    long CanaryTotal, long CanaryEvents, long StableTotal, long StableEvents, ProcessState Fail, ProcessState Pass, DifferenceState Difference)
{
    /// <summary>Stable's total that the prior of the rate comes from.</summary>
    public long LearnedTotal { get; init; }

    /// <summary>Of it the bad part.</summary>
    public long LearnedEvents { get; init; }
}
