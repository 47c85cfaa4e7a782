using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Simulator.Procedures;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>One column of a table: a procedure, made anew for every run of a scenario from that run's calibration.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Create">Makes it.</param>
internal sealed record Column(string Title, Func<Scenario, CalibrationProfile, IProcedure> Create)
{
    /// <summary>Whether it looks at minutes, which cost time to put together.</summary>
    public bool WantsMinutes { get; init; }

    /// <summary>Whether its formula holds for arms of equal traffic only.</summary>
    public bool NeedsEqualArms { get; init; }
}
