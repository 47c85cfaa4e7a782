using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Simulator.Procedures;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>The procedures that are compared.</summary>
internal static class Columns
{
    /// <summary>The engine's defaults: margins that tolerate what nobody would roll back for.</summary>
    public static AnalysisSettings Defaults { get; } = new();

    /// <summary>No margin at all: any difference is a regression.</summary>
    public static AnalysisSettings NoMargin { get; } = Defaults with { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, LatencyToleranceBuckets = 0 };

    /// <summary>The engine without margins, for independent requests.</summary>
    public static Column StrictUncalibrated { get; } = new("strict φ=1", _ => new EngineProcedure(NoMargin));

    /// <summary>The engine without margins, calibrated by a day of history.</summary>
    public static Column Strict { get; } = new("strict", calibration => new EngineProcedure(Calibrated(NoMargin, calibration)));

    /// <summary>The engine's defaults without calibration.</summary>
    public static Column Uncalibrated { get; } = new("default φ=1", _ => new EngineProcedure(Defaults));

    /// <summary>The engine's defaults, calibrated by a day of history: what is recommended.</summary>
    public static Column Default { get; } = new("default", calibration => new EngineProcedure(Calibrated(Defaults, calibration)));

    /// <summary>The defaults with errors as the only metric.</summary>
    public static Column ErrorsOnly { get; } = new("errors only", calibration => new EngineProcedure(Calibrated(Defaults with { LatencyPercentiles = [] }, calibration)));

    /// <summary>The z-test every ten seconds.</summary>
    public static Column PeekedZ { get; } = new("z 10 s", _ => new PooledZ(peeks: true));

    /// <summary>The z-test once.</summary>
    public static Column FinalZ { get; } = new("z once", _ => new PooledZ(peeks: false));

    /// <summary>mSPRT on errors.</summary>
    public static Column Mixture { get; } = new("mSPRT err", _ => new MixtureRatio()) { NeedsEqualArms = true };

    /// <summary>Fixed thresholds, five checks.</summary>
    public static Column Threshold { get; } = new("threshold", _ => new FixedThreshold(goesOn: false)) { WantsMinutes = true };

    /// <summary>Fixed thresholds for the whole hour.</summary>
    public static Column LongThreshold { get; } = new("thr. 60 m", _ => new FixedThreshold(goesOn: true)) { WantsMinutes = true };

    /// <summary>Mann-Whitney once.</summary>
    public static Column RanksOnce { get; } = new("MW once", _ => new RepeatedRanks(60, 60)) { WantsMinutes = true };

    /// <summary>Mann-Whitney every five minutes.</summary>
    public static Column RanksPerFive { get; } = new("MW /5 m", _ => new RepeatedRanks(10, 5)) { WantsMinutes = true };

    /// <summary>Mann-Whitney every minute.</summary>
    public static Column RanksPerMinute { get; } = new("MW /1 m", _ => new RepeatedRanks(5, 1)) { WantsMinutes = true };

    private static AnalysisSettings Calibrated(AnalysisSettings settings, CalibrationProfile calibration) => settings with
    {
        ErrorOverdispersion = calibration.Metrics[0].Overdispersion,
        LatencyOverdispersion = calibration.Metrics.Skip(1).Max(metric => metric.Overdispersion),
    };
}
