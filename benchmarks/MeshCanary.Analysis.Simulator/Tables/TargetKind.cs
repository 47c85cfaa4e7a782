namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>What a target limits.</summary>
internal enum TargetKind
{
    /// <summary>Share of healthy canaries rolled back, 0…1.</summary>
    RollbackShare,

    /// <summary>Median minute of detection; every run has to detect.</summary>
    DetectionMinute,

    /// <summary>Share of harmful canaries promoted, 0…1.</summary>
    PromotionShare,

    /// <summary>Median minute in which healthy canaries are promoted; 99 of 100 have to be.</summary>
    PromotionMinute,
}
