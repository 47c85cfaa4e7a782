using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Simulator.Procedures;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>The procedures that are compared.</summary>
internal static class Columns
{
    /// <summary>The engine's defaults: margins that tolerate what nobody would roll back for.</summary>
    public static AnalysisSettings Defaults { get; } = new();

    /// <summary>No margin at all: any difference is a regression.</summary>
    public static AnalysisSettings NoMargin { get; } = Defaults with { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, LatencyToleranceBuckets = 0 };

    /// <summary>The engine without margins, told that requests are independent.</summary>
    public static Column StrictUncalibrated { get; } = new("strict φ=1", (_, _) => new EngineProcedure(NoMargin with { ErrorOverdispersion = 1, LatencyOverdispersion = 1 }));

    /// <summary>The engine without margins, calibrated by a day of history.</summary>
    public static Column Strict { get; } = new("strict", (scenario, calibration) => Engine(NoMargin, scenario, calibration));

    /// <summary>The engine's defaults, calibrated by a day of history: what is recommended.</summary>
    public static Column Default { get; } = new("default", (scenario, calibration) => Engine(Defaults, scenario, calibration));

    /// <summary>The defaults with errors as the only metric.</summary>
    public static Column ErrorsOnly { get; } = new("errors only", (scenario, calibration) => Engine(Defaults with { LatencyPercentiles = [] }, scenario, calibration));

    /// <summary>The z-test every ten seconds.</summary>
    public static Column PeekedZ { get; } = new("z 10 s", (_, _) => new PooledZ(peeks: true));

    /// <summary>The z-test once.</summary>
    public static Column FinalZ { get; } = new("z once", (_, _) => new PooledZ(peeks: false));

    /// <summary>mSPRT on errors.</summary>
    public static Column Mixture { get; } = new("mSPRT err", (_, _) => new MixtureRatio()) { NeedsEqualArms = true };

    /// <summary>Fixed thresholds, five checks.</summary>
    public static Column Threshold { get; } = new("threshold", (_, _) => new FixedThreshold(goesOn: false)) { WantsMinutes = true };

    /// <summary>Fixed thresholds for the whole hour.</summary>
    public static Column LongThreshold { get; } = new("thr. 60 m", (_, _) => new FixedThreshold(goesOn: true)) { WantsMinutes = true };

    /// <summary>Mann-Whitney once.</summary>
    public static Column RanksOnce { get; } = new("MW once", (_, _) => new RepeatedRanks(60, 60)) { WantsMinutes = true };

    /// <summary>Mann-Whitney every five minutes.</summary>
    public static Column RanksPerFive { get; } = new("MW /5 m", (_, _) => new RepeatedRanks(10, 5)) { WantsMinutes = true };

    /// <summary>Mann-Whitney every minute.</summary>
    public static Column RanksPerMinute { get; } = new("MW /1 m", (_, _) => new RepeatedRanks(5, 1)) { WantsMinutes = true };

    private static EngineProcedure Engine(AnalysisSettings settings, Scenario scenario, CalibrationProfile calibration) =>
        new(settings with { Calibration = calibration, Unit = scenario.CountsUsers ? ComparisonUnit.Users : ComparisonUnit.Requests });
}
